//! A map of a brief as SVG: coasts and borders of Natural Earth around the incidents, each a point with its number.

use std::collections::HashMap;

use crate::error::Error;
use crate::options::Out;

/// See the head of the file.
const OUTLINES: &str = include_str!("../../data/outlines.txt");

/// Width and height of the picture.
const SIZE: (f64, f64) = (720.0, 400.0);

/// No less than so many degrees are shown from south to north: a point alone would say little.
const LEAST: f64 = 6.0;

/// With more points than this the numbers would hide one another.
const NUMBERED: usize = 60;

/// Part of the world, in degrees.
#[derive(Clone, Copy, Debug)]
struct Frame {
    west: f64,
    north: f64,
    /// Units of the picture a degree.
    x: f64,
    y: f64,
}

impl Frame {
    /// Around points, as tall and wide as the picture; degrees of longitude are narrower away from the equator.
    fn around(points: &[(usize, f64, f64)]) -> Frame {
        let (mut south, mut north, mut west, mut east) = (90.0_f64, -90.0_f64, 180.0_f64, -180.0_f64);
        for (_, lat, lon) in points {
            (south, north) = (south.min(*lat), north.max(*lat));
            (west, east) = (west.min(*lon), east.max(*lon));
        }
        let (middle, across) = ((south + north) / 2.0, (west + east) / 2.0);
        let narrow = middle.to_radians().cos().max(0.2);
        let tall = ((north - south) * 1.25).max(LEAST).max((east - west) * 1.25 * narrow * SIZE.1 / SIZE.0);
        let y = SIZE.1 / tall;
        let x = y * narrow;
        Frame { west: across - SIZE.0 / x / 2.0, north: middle + tall / 2.0, x, y }
    }

    fn at(&self, lat: f64, lon: f64) -> (f64, f64) {
        ((lon - self.west) * self.x, (self.north - lat) * self.y)
    }
}

/// Writes the map; nothing where no point is known.
pub(super) fn write(points: &[(usize, f64, f64)], out: &mut Out<'_>) -> Result<(), Error> {
    if points.is_empty() {
        return Ok(());
    }
    let frame = Frame::around(points);
    let (width, height) = SIZE;
    let places = if points.len() == 1 { "The place of one incident" } else { "The places of the incidents" };
    writeln!(
        out,
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{places}, by their numbers in this brief\">\n<path class=\"land\" d=\"{}\"/>",
        outlines(frame)
    )?;
    // What lies closer together than a circle is wide is one circle with several numbers.
    let mut circles: Vec<(f64, f64, Vec<String>)> = Vec::new();
    let mut at: HashMap<(i64, i64), usize> = HashMap::new();
    for (number, lat, lon) in points {
        let (x, y) = frame.at(*lat, *lon);
        let place = ((x / 8.0).round() as i64, (y / 8.0).round() as i64);
        match at.get(&place) {
            Some(known) => circles[*known].2.push(number.to_string()),
            None => {
                at.insert(place, circles.len());
                circles.push((x, y, vec![number.to_string()]));
            }
        }
    }
    for (x, y, numbers) in circles {
        write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>")?;
        if points.len() <= NUMBERED {
            write!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 7.0, y + 4.0, numbers.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(writeln!(out, "</svg>")?)
}

/// The lines that come into the picture.
fn outlines(frame: Frame) -> String {
    let mut path = String::new();
    for line in OUTLINES.lines().filter(|l| !l.starts_with('#')) {
        let (mut lon, mut lat) = (0.0, 0.0);
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (x, y) in line.split(' ').filter_map(|step| step.split_once(',')) {
            lon += x.parse::<f64>().unwrap_or(0.0) / 100.0;
            lat += y.parse::<f64>().unwrap_or(0.0) / 100.0;
            points.push(frame.at(lat, lon));
        }
        let inside = |(x, y): &(f64, f64)| (-20.0..=SIZE.0 + 20.0).contains(x) && (-20.0..=SIZE.1 + 20.0).contains(y);
        // A stretch of the line from the point before the picture to the one behind it.
        let mut open = false;
        for (i, point) in points.iter().enumerate() {
            let near = [i.checked_sub(1), Some(i), Some(i + 1)].into_iter().flatten();
            if near.filter_map(|j| points.get(j)).any(inside) {
                path.push_str(&format!("{}{:.0} {:.0}", if open { "L" } else { "M" }, point.0, point.1));
                open = true;
            } else {
                open = false;
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_in_the_picture_with_coasts_around() {
        for points in [vec![(1, 19.6, 37.2)], vec![(1, 60.0, -170.0), (2, -50.0, 175.0)], vec![(1, 89.0, 0.0)]] {
            let frame = Frame::around(&points);
            for (_, lat, lon) in &points {
                let (x, y) = frame.at(*lat, *lon);
                assert!((0.0..=SIZE.0).contains(&x) && (0.0..=SIZE.1).contains(&y), "{lat} {lon}: {x} {y}");
            }
        }
        assert!(outlines(Frame::around(&[(1, 19.6, 37.2)])).len() > 200);
    }
}
