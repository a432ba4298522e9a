//! Parquet: every column optional, rows in groups, so that no more than a group is held in memory.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::Result as Written;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use serde_json::Value as Json;

use super::files::RowWriter;
use super::{Kind, Table};
use crate::error::Error;

/// Rows of a group: some ten megabytes of the widest table.
const GROUP: usize = 4096;

/// Writes a table as Parquet.
pub struct Parquet<W: Write + Send> {
    table: &'static Table,
    writer: SerializedFileWriter<W>,
    rows: Vec<Vec<Json>>,
}

impl<W: Write + Send> Parquet<W> {
    /// Begins a table.
    pub fn new(table: &'static Table, out: W) -> Result<Parquet<W>, Error> {
        let level = ZstdLevel::default();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("blotter ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(level))
            .build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema(table)?), Arc::new(properties))?;
        Ok(Parquet { table, writer, rows: Vec::new() })
    }

    fn group(&mut self) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (at, column) in self.table.columns.iter().enumerate() {
            let Some(mut writer) = group.next_column()? else { break };
            let cells = rows.iter().map(|row| &row[at]);
            match column.kind {
                Kind::Text => put::<ByteArrayType>(&mut writer, cells, |c| c.as_str().map(ByteArray::from))?,
                Kind::Integer => put::<Int64Type>(&mut writer, cells, Json::as_i64)?,
                Kind::Real => put::<DoubleType>(&mut writer, cells, Json::as_f64)?,
                Kind::Truth => put::<BoolType>(&mut writer, cells, Json::as_bool)?,
            }
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl<W: Write + Send> RowWriter for Parquet<W> {
    fn row(&mut self, cells: Vec<Json>) -> Result<(), Error> {
        self.rows.push(cells);
        if self.rows.len() == GROUP { self.group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), Error> {
        self.group()?;
        self.writer.finish()?;
        Ok(self.writer.inner_mut().flush()?)
    }
}

/// A column of one group: 0 stands for an empty cell, 1 for one with a value.
fn put<'c, T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'c Json>,
    value: impl Fn(&Json) -> Option<T::T>,
) -> Written<()> {
    let (mut values, mut given) = (Vec::new(), Vec::new());
    for cell in cells {
        let found = value(cell);
        given.push(i16::from(found.is_some()));
        values.extend(found);
    }
    writer.typed::<T>().write_batch(&values, Some(&given), None)?;
    Ok(())
}

fn schema(table: &Table) -> Written<Type> {
    let fields = table.columns.iter().map(|column| {
        let physical = match column.kind {
            Kind::Text => Physical::BYTE_ARRAY,
            Kind::Integer => Physical::INT64,
            Kind::Real => Physical::DOUBLE,
            Kind::Truth => Physical::BOOLEAN,
        };
        let logical = (column.kind == Kind::Text).then_some(LogicalType::String);
        let field = Type::primitive_type_builder(column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        field.build().map(Arc::new)
    });
    Type::group_type_builder(table.name).with_fields(fields.collect::<Written<_>>()?).build()
}
