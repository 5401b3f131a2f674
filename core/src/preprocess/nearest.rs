//! Pillow's `NEAREST`, pixel for pixel. Where a new pixel's centre lies on the border of two old ones, rounding decides which is taken,
//! so the places are found as Pillow finds them: one step added after the other in double precision (`ImagingScaleAffine` in
//! `src/libImaging/Geometry.c`). Each place computed by itself is another pixel in up to 25 of 224 columns.

use image::RgbImage;

use super::side::Side;

/// The old place of each new one.
fn places(side: &Side) -> Vec<u32> {
    let step = side.scale();
    let centres = std::iter::successors(Some(step * 0.5), |centre| Some(centre + step));
    let wanted = centres.skip(side.part.start as usize).take(side.part.len());
    wanted.map(|centre| (centre as u32).min(side.old - 1)).collect()
}

/// The wanted part of the image at another size.
pub(super) fn nearest(image: &RgbImage, columns: &Side, rows: &Side) -> RgbImage {
    let (across, down) = (places(columns), places(rows));
    let (width, height) = (across.len() as u32, down.len() as u32);
    RgbImage::from_fn(width, height, |x, y| *image.get_pixel(across[x as usize], down[y as usize]))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn all(old: u32, new: u32) -> Side {
        Side { old, new, part: 0..new }
    }

    #[test]
    fn every_width_is_as_pillow_has_it() {
        // tests/tools/make_nearest.py with Pillow 13.0.0; 9.5.0 and 12.0.0 give the same.
        let sums = [
            (32, "19d30815e0fc35a357f0bb0d1657a917b752eb300e7f252058ba9e1962572b7a"),
            (128, "e4b5f05d7ffe5a38630af2f5193bf068dcfb2409829341068dfd26fb57fdc6f5"),
            (160, "fd216a7d910b8129b6ecda1d0d42535e5d51ada6cc952da7847fcac6c66f5f8b"),
            (224, "ae2732bbe038b571abee88761dae962dd5e4cdc9cd5d6f4f2220fff515ef651b"),
            (240, "0a448ecd256cdb9d051f1c421d78fcebbc3e527a2ad4b0c8160fae373e6e1818"),
            (299, "abb3eb3698fb89b8c4d3133d1f552ecba9ec660ef1fe8bc382ed2c2bf5e549c0"),
        ];
        for (new, sum) in sums {
            let mut hash = Sha256::new();
            for old in 1..=4096 {
                for place in places(&all(old, new)) {
                    hash.update((place as u16).to_le_bytes());
                }
            }
            let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, sum, "from 1 to 4096 pixels to {new}");
        }
    }

    #[test]
    fn a_border_between_two_pixels_falls_as_in_pillow() {
        // Pillow 13.0.0: np.asarray(Image.fromarray(np.arange(640, dtype=np.int32)[None]).resize((224, 1), NEAREST))[0, 14:20]
        let side = Side { old: 640, new: 224, part: 14..20 };
        assert_eq!(places(&side), [41, 44, 47, 49, 52, 55]);
    }

    /// Pillow's loop, over a whole image and one pixel at a time.
    fn slow(image: &RgbImage, width: u32, height: u32) -> RgbImage {
        let mut new = RgbImage::new(width, height);
        let steps = [f64::from(image.width()) / f64::from(width), f64::from(image.height()) / f64::from(height)];
        let mut down = steps[1] * 0.5;
        for y in 0..height {
            let mut along = steps[0] * 0.5;
            for x in 0..width {
                if (along as u32) < image.width() && (down as u32) < image.height() {
                    new.put_pixel(x, y, *image.get_pixel(along as u32, down as u32));
                }
                along += steps[0];
            }
            down += steps[1];
        }
        new
    }

    #[test]
    fn random_images_are_as_a_slow_loop_has_them_and_a_part_is_cut_out_of_the_whole() {
        let mut state = 11_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for _ in 0..60 {
            let [old_width, old_height, width, height] = [700, 300, 260, 260].map(|most| 1 + random(most));
            let image = RgbImage::from_fn(old_width, old_height, |x, y| image::Rgb([x as u8, y as u8, (x >> 8) as u8]));
            let whole = slow(&image, width, height);
            assert_eq!(nearest(&image, &all(old_width, width), &all(old_height, height)), whole);
            let (left, top) = (random(width), random(height));
            let columns = Side { old: old_width, new: width, part: left..width };
            let rows = Side { old: old_height, new: height, part: top..height };
            let part = image::imageops::crop_imm(&whole, left, top, width - left, height - top).to_image();
            assert_eq!(nearest(&image, &columns, &rows), part);
        }
    }
}
