//! Letters on images: a face of 5 x 7 dots for captions, in lower case.

use crate::image::Image;

/// Dots of every letter, row by row below each other: a line a letter, drawn for this program.
const GLYPHS: &str = include_str!("glyphs.txt");
/// Pixels of a dot.
const DOT: usize = 2;
/// Pixels from one letter to the next.
pub(super) const ADVANCE: usize = 6 * DOT;
/// Pixels from the top of a letter to the line that it stands on.
pub(super) const HEIGHT: usize = 7 * DOT;
/// Pixels from one line to the next.
pub(super) const LINE: usize = 11 * DOT;

/// Whether a letter has a dot at a place of its 5 x 9. A letter that the face does not have is a frame.
fn dot(letter: char, column: usize, row: usize) -> bool {
    let line = GLYPHS.lines().find(|line| line.starts_with(letter));
    match line.map(|line| line.split(' ').nth(row + 1)) {
        _ if letter == ' ' => false,
        Some(dots) => dots.is_some_and(|dots| dots.as_bytes().get(column) == Some(&b'#')),
        None => row < 7 && (matches!(column, 0 | 4) || matches!(row, 0 | 6)),
    }
}

/// Writes a line of text, its upper left corner at a place; what does not fit into `width` pixels is left out, with two dots for it.
pub(super) fn write(image: &mut Image, text: &str, [left, top]: [usize; 2], width: usize, ink: [u8; 3]) {
    let (wide, high) = (image.width() as usize, image.height() as usize);
    let most = width / ADVANCE;
    let text = text.to_lowercase();
    let fits = text.chars().count() <= most;
    let shown = text.chars().take(if fits { most } else { most.saturating_sub(2) });
    let rgb = image.rgb_mut();
    for (place, letter) in shown.chain("..".chars().filter(|_| !fits)).enumerate() {
        for (row, column) in (0..9 * DOT).flat_map(|row| (0..5 * DOT).map(move |column| (row, column))) {
            let (x, y) = (left + place * ADVANCE + column, top + row);
            if x < wide && y < high && dot(letter, column / DOT, row / DOT) {
                rgb[3 * (y * wide + x)..][..3].copy_from_slice(&ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_its_own_and_no_name_lacks_one() {
        let letters: Vec<char> = GLYPHS.lines().filter_map(|line| line.chars().next()).collect();
        let dots = |letter| (0..45).map(|place| dot(letter, place % 5, place / 5)).collect::<Vec<_>>();
        for (index, &letter) in letters.iter().enumerate() {
            assert!(letters[..index].iter().all(|&other| other != letter && dots(other) != dots(letter)), "{letter}");
        }
        assert!("abcdefghijklmnopqrstuvwxyz0123456789_.,:/%-+()'=".chars().all(|letter| letters.contains(&letter)));
        assert_eq!(dots('é').iter().filter(|dot| **dot).count(), 20);
        assert!(dots(' ').iter().all(|dot| !dot));
    }

    #[test]
    fn text_keeps_within_its_width_and_the_image() {
        let mut image = Image::from_rgb(60, 30, vec![255; 5400]).unwrap();
        write(&mut image, "LLLLLLL", [1, 2], 48, [0; 3]);
        let inked: Vec<usize> = (0..1800).filter(|place| image.rgb()[3 * place] == 0).map(|place| place % 60).collect();
        // Two letters and two dots.
        assert!(inked.iter().all(|&x| x < 1 + 48) && inked.iter().any(|&x| x >= 37));
        write(&mut image, "wwwwwww", [40, 25], 400, [0; 3]);
    }
}
