//! Columns of words: wrapped between words, measured in terminal cells.

use unicode_width::UnicodeWidthStr;

/// Cells that the words take.
pub fn cells(words: &str) -> usize {
    words.width()
}

/// Words in lines of at most `width` cells; a word longer than that has a line of its own, whole. No-break spaces do
/// not break, and are plain ones in the result.
pub fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in words.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|w| !w.is_empty()) {
        let word = &word.replace('\u{a0}', " ");
        let needed = cells(word);
        match lines.last_mut() {
            Some(line) if used + 1 + needed <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + needed;
            }
            _ => {
                lines.push(word.to_owned());
                used = needed;
            }
        }
    }
    lines
}

/// Words in quotation marks, shortened to about `most` cells between two words.
pub fn quote(words: &str, most: usize) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // Words that are in quotation marks already need no second pair.
    let bare = words.trim_matches(['"', '“', '”']);
    if cells(bare) + 2 <= most {
        return format!("\"{bare}\"");
    }
    let mut kept = String::new();
    for word in bare.split(' ') {
        if !kept.is_empty() && cells(&kept) + cells(word) + 5 > most {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    let kept = kept.trim_end_matches([',', ';', ':', '-', '–', '—', ' ']);
    format!("\"{kept} …\"")
}

/// Fills up with blanks to `width` cells.
pub fn pad(words: &str, width: usize) -> String {
    format!("{words}{}", " ".repeat(width.saturating_sub(cells(words))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrap("the harbour office in Port Kesh", 12), ["the harbour", "office in", "Port Kesh"]);
        assert_eq!(wrap("incomprehensibilities of it", 6), ["incomprehensibilities", "of it"]);
        assert!(wrap("", 9).is_empty());
    }

    #[test]
    fn shortens_between_words() {
        assert_eq!(quote("late on\n Tuesday", 40), "\"late on Tuesday\"");
        assert_eq!(quote("“a cowardly act”", 40), "\"a cowardly act\"");
        assert_eq!(quote("two officials, who asked for silence, said", 20), "\"two officials …\"");
    }
}
