//! The gazetteer file: records of places and a front-coded index of their names. `training/gazetteer.py` writes it and
//! describes the format.

use std::collections::HashMap;

use crate::data::DataError;

const FILE: &str = "gazetteer.bin";
const MAGIC: &[u8] = b"BLTGAZ02";
const RECORD: usize = 18;
const BLOCK: usize = 16;
const NO_COUNTRY: u8 = 255;
const NO_DIVISION: u16 = u16::MAX;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A country or dependent territory.
    Country,
    /// A first-order division.
    Admin1,
    /// A second-order division.
    Admin2,
    /// A settlement or a part of one.
    Settlement,
    /// A continent.
    Continent,
    /// A region that is no division.
    Region,
    /// A site known by name.
    Site,
}

impl Kind {
    /// The name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Country => "country",
            Kind::Admin1 => "admin1",
            Kind::Admin2 => "admin2",
            Kind::Settlement => "settlement",
            Kind::Continent => "continent",
            Kind::Region => "region",
            Kind::Site => "site",
        }
    }

    /// The kind of that name.
    pub fn of(name: &str) -> Option<Kind> {
        [Kind::Continent, Kind::Region, Kind::Site].into_iter().find(|k| k.name() == name)
    }
}

/// One place of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record<'g> {
    /// GeoNames id, 0 for none.
    pub id: u32,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Name.
    pub name: &'g str,
    /// ISO code of a country, code within its country of a first-order division.
    pub code: &'g str,
    /// Record number of its country (a country: its own number).
    pub country: Option<u32>,
    /// Record number of its first-order division (a division: its own number).
    pub admin1: Option<u32>,
    /// Record number of its second-order division (a division: its own number).
    pub admin2: Option<u32>,
    /// People, to about a twentieth.
    pub population: f64,
    /// What it is.
    pub kind: Kind,
    /// 5 capital, 4 seat of a first-order division, 3 second-order, 2 lower, 1 plain, 0 part of a settlement.
    pub feature: u8,
}

/// What a key leads to.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'g> {
    flags: u8,
    hits: &'g [u8],
}

impl<'g> Entry<'g> {
    /// How common an English word it is: 0 none, 1 rare, 2 known, 3 very common.
    pub fn word(&self) -> u8 {
        self.flags & 3
    }

    /// How common a surname it is: 0 none, 1 rare, 2 known, 3 among the 500 commonest.
    pub fn surname(&self) -> u8 {
        self.flags >> 2 & 3
    }

    /// How common a first name it is: 0 none, 1 known, 2 common.
    pub fn first_name(&self) -> u8 {
        self.flags >> 4 & 3
    }

    /// Record numbers and whether the key is only an alternative name of the record: own names first, each by
    /// falling rank.
    pub fn hits(&self) -> impl Iterator<Item = (u32, bool)> + use<'g> {
        let hits: &'g [u8] = self.hits;
        hits.chunks_exact(3).map(|b| {
            let n = u32::from_le_bytes([b[0], b[1], b[2], 0]);
            (n & 0x7F_FFFF, n & 0x80_0000 != 0)
        })
    }
}

/// The gazetteer, held as the bytes of its file.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    records: Vec<u8>,
    names: Vec<u8>,
    index: Vec<u8>,
    blocks: Vec<u32>,
    codes: HashMap<String, u32>,
}

impl Gazetteer {
    /// Takes the bytes of the file; empty bytes make an empty gazetteer.
    ///
    /// # Errors
    /// When the bytes are not a gazetteer, or point outside themselves.
    pub fn load(bytes: &[u8]) -> Result<Gazetteer, DataError> {
        if bytes.is_empty() {
            return Ok(Gazetteer::default());
        }
        let fault = |reason: &str| DataError::new(FILE, 0, reason);
        if !bytes.starts_with(MAGIC) {
            return Err(fault("not a gazetteer of this version"));
        }
        let section = |n: usize| {
            let offset = number(bytes, 8 + 8 * n, 4)? as usize;
            let length = number(bytes, 12 + 8 * n, 4)? as usize;
            bytes.get(offset..offset.checked_add(length)?)
        };
        let [Some(records), Some(names), Some(index), Some(blocks)] = [section(0), section(1), section(2), section(3)]
        else {
            return Err(fault("cut short"));
        };
        let blocks: Vec<u32> = blocks.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if records.len() % RECORD != 0 || blocks.iter().any(|b| *b as usize >= index.len()) {
            return Err(fault("a block lies outside the index"));
        }
        let mut gazetteer = Gazetteer {
            records: records.to_vec(),
            names: names.to_vec(),
            index: index.to_vec(),
            blocks,
            codes: HashMap::new(),
        };
        gazetteer.codes = gazetteer.division_codes();
        Ok(gazetteer)
    }

    /// "US" → country, "US.TX" → first-order division. They stand first in the file.
    fn division_codes(&self) -> HashMap<String, u32> {
        let mut codes = HashMap::new();
        for number in 0..self.len() {
            let Some(record) = self.record(number) else { break };
            let country = record.country.and_then(|c| self.record(c)).map_or("", |c| c.code);
            match record.kind {
                Kind::Country => codes.insert(record.code.to_owned(), number),
                Kind::Admin1 => codes.insert(format!("{country}.{}", record.code), number),
                _ => break,
            };
        }
        codes
    }

    /// How many records it has.
    pub fn len(&self) -> u32 {
        (self.records.len() / RECORD) as u32
    }

    /// The record number of a country ("US") or first-order division ("US.TX").
    pub fn by_code(&self, code: &str) -> Option<u32> {
        self.codes.get(code).copied()
    }

    /// The record number of a GeoNames id. Reads all records.
    pub fn by_id(&self, id: u32) -> Option<u32> {
        let id = id.to_le_bytes();
        self.records.chunks_exact(RECORD).position(|r| r[..4] == id).map(|n| n as u32)
    }

    /// The record of that number.
    pub fn record(&self, number: u32) -> Option<Record<'_>> {
        let at = number as usize * RECORD;
        let bytes = self.records.get(at..at + RECORD)?;
        let [kind, feature] = [bytes[17] & 7, bytes[17] >> 3];
        let kind = match kind {
            0 => Kind::Country,
            1 => Kind::Admin1,
            2 => Kind::Admin2,
            _ => Kind::Settlement,
        };
        let name_at = u24(bytes, 10) as usize;
        let name = self.name(name_at)?;
        let code = match kind {
            Kind::Country | Kind::Admin1 => self.name(name_at + 1 + name.len()).unwrap_or(""),
            _ => "",
        };
        let country = match (bytes[13], kind) {
            (_, Kind::Country) => Some(number),
            (NO_COUNTRY, _) => None,
            (n, _) => Some(u32::from(n)),
        };
        let (admin1, admin2) = self.divisions(number, kind, u16::from_le_bytes([bytes[14], bytes[15]]));
        Some(Record {
            id: u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            lat: degrees(u24(bytes, 4)),
            lon: degrees(u24(bytes, 7)),
            name,
            code,
            country,
            admin1,
            admin2,
            population: (f64::from(bytes[16]) / 10.0).exp() - 1.0,
            kind,
            feature,
        })
    }

    fn divisions(&self, number: u32, kind: Kind, division: u16) -> (Option<u32>, Option<u32>) {
        let above = (division != NO_DIVISION).then_some(u32::from(division));
        match kind {
            Kind::Country => (None, None),
            Kind::Admin1 => (Some(number), None),
            Kind::Admin2 => (above, Some(number)),
            _ => match above.and_then(|a| Some((a, self.kind_and_division(a)?))) {
                Some((a, (Kind::Admin2, up))) => ((up != NO_DIVISION).then_some(u32::from(up)), Some(a)),
                Some((a, _)) => (Some(a), None),
                None => (None, None),
            },
        }
    }

    fn kind_and_division(&self, number: u32) -> Option<(Kind, u16)> {
        let at = number as usize * RECORD;
        let bytes = self.records.get(at..at + RECORD)?;
        let kind = if bytes[17] & 7 == 2 { Kind::Admin2 } else { Kind::Admin1 };
        Some((kind, u16::from_le_bytes([bytes[14], bytes[15]])))
    }

    fn name(&self, at: usize) -> Option<&str> {
        let length = usize::from(*self.names.get(at)?);
        std::str::from_utf8(self.names.get(at + 1..at + 1 + length)?).ok()
    }

    /// What the normalised name `key` leads to.
    pub fn lookup(&self, key: &str) -> Option<Entry<'_>> {
        let key = key.as_bytes();
        let block = self.blocks.partition_point(|at| self.head(*at) <= key).checked_sub(1)?;
        let mut at = self.blocks[block] as usize;
        // How much of the key the entry before shares; front-coding compares without building each name.
        let mut same = 0;
        for position in 0..BLOCK {
            let shared = usize::from(*self.index.get(at)?);
            let length = usize::from(*self.index.get(at + 1)?);
            let rest = self.index.get(at + 2..at + 2 + length)?;
            let tail = at + 2 + length;
            let count = usize::from(*self.index.get(tail + 1)?);
            let hits = self.index.get(tail + 2..tail + 2 + 3 * count)?;
            if position == 0 || shared <= same {
                let wanted = &key[shared.min(key.len())..];
                let common = rest.iter().zip(wanted).take_while(|(a, b)| a == b).count();
                if common == length && common == wanted.len() {
                    return Some(Entry { flags: self.index[tail], hits });
                }
                same = shared + common;
            }
            at = tail + 2 + 3 * count;
        }
        None
    }

    /// The first key of a block.
    fn head(&self, at: u32) -> &[u8] {
        let at = at as usize;
        let length = self.index.get(at + 1).map_or(0, |n| usize::from(*n));
        self.index.get(at + 2..at + 2 + length).unwrap_or(&[])
    }
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + width)?;
    Some(bytes.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
}

fn u24(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0])
}

/// A signed 24-bit number of 1e-4 degrees.
fn degrees(value: u32) -> f64 {
    f64::from((value << 8) as i32 >> 8) / 1e4
}
