//! Writes every format of a case file into a folder, as the tests of their readers take them.
//!
//!     cargo run -p blotter-export --example outputs CASE.db FOLDER

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use blotter_case::{Access, CaseFile, Filter};
use blotter_export::{FORMATS, Options, Selection};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [db, folder] = &given[..] else { return Err("CASE.db FOLDER".into()) };
    let case = CaseFile::open(Path::new(db), Access::Read)?;
    for format in FORMATS {
        let selection = Selection::new(case.snapshot(None)?, Filter::default());
        let path = Path::new(folder).join(format!("{}.{}", format.name, format.extension));
        let start = std::time::Instant::now();
        format.write(&selection, &Options::default(), &mut BufWriter::new(File::create(&path)?))?;
        println!("{:<10} {:.2} s  {} bytes", format.name, start.elapsed().as_secs_f64(), path.metadata()?.len());
    }
    Ok(())
}
