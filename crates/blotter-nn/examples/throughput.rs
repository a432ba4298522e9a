//! Tokens a second of a weight file on real text, and how far 8-bit integers are from floats.
//!
//! `cargo run --release --example throughput -- WEIGHTS.safetensors TEXT.txt [THREADS]`: reads TEXT's paragraphs as
//! one report, a line as a sentence, with 1 to THREADS threads. With a token head named `identity` whose weight is
//! the identity matrix, the cosine is that of the encoder's vectors.

use std::time::Instant;

use blotter_nn::{Model, Precision, Scores};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, weights, text, rest @ ..] = arguments.as_slice() else {
        return Err("arguments: WEIGHTS.safetensors TEXT.txt [THREADS]".into());
    };
    let threads = rest.first().map_or(Ok(1), |n| n.parse())?;
    let bytes = std::fs::read(weights)?;
    let text = std::fs::read_to_string(text)?;
    let started = Instant::now();
    let model = Model::from_bytes(&bytes)?;
    println!("loaded in {:.2} s, peak {} MB", started.elapsed().as_secs_f32(), peak_megabytes());
    let mut last = Scores::default();
    for threads in 1..=threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let mut speeds: Vec<f32> = (0..5).map(|_| pool.install(|| speed(&model, &text, &mut last))).collect();
        speeds.sort_by(f32::total_cmp);
        println!("int8, {threads} threads: {:.0} tokens/s, peak {} MB", speeds[2], peak_megabytes());
    }
    let model = Model::with_precision(&bytes, Precision::Float32)?;
    let mut exact = Scores::default();
    println!("float: {:.0} tokens/s", speed(&model, &text, &mut exact));
    for (name, head) in &exact.token {
        let other = &last.token[name];
        let cosines: Vec<f32> = (0..exact.tokens.len()).map(|t| cosine(head.row(t), other.row(t))).collect();
        let least = cosines.iter().copied().fold(1.0, f32::min);
        let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
        println!("{name}: cosine of int8 to float, least {least:.4}, mean {mean:.5}");
    }
    Ok(())
}

fn speed(model: &Model, text: &str, scores: &mut Scores) -> f32 {
    let base = text.as_ptr() as usize;
    let units: Vec<_> = text.lines().map(|line| line.as_ptr() as usize - base).zip(text.lines()).collect();
    let units: Vec<_> = units.into_iter().map(|(start, line)| start..start + line.len()).collect();
    let started = Instant::now();
    *scores = model.read(text, None, &units);
    scores.tokens.len() as f32 / started.elapsed().as_secs_f32()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The process's peak resident memory; 0 where the system does not say.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
