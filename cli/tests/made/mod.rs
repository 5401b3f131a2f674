//! Made pictures of three classes, whose second may bear a mark. The browser's tests have them, too.

/// The side of a picture, in pixels.
pub(crate) const SIDE: u32 = 112;
/// The classes.
pub(crate) const CLASSES: [&str; 3] = ["disc", "square", "stripes"];
/// Pictures of each.
pub(crate) const EACH: usize = 16;

/// Numbers below 1 that look like chance, the same each time.
pub(crate) fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    }
}

/// A shape of some size and colour, somewhere, on a ground of other colours that run into each other; with a mark in the lower left
/// corner, if there is to be one; red, green, blue, row by row.
pub(crate) fn picture(class: usize, mark: bool, number: &mut impl FnMut() -> f32) -> Vec<u8> {
    let mut colour = || [number(), number(), number()].map(|part| 255.0 * part);
    let (corners, own) = ([colour(), colour(), colour(), colour()], colour());
    let side = SIDE as f32;
    let size = side * (0.15 + 0.1 * number());
    let middle = [0, 1].map(|_| size + (side - 2.0 * size) * number());
    let rgb = (0..SIDE * SIDE).flat_map(|at| {
        let [x, y] = [(at % SIDE) as f32, (at / SIDE) as f32];
        let [dx, dy] = [x - middle[0], y - middle[1]];
        let inside = match class {
            0 => dx.hypot(dy) < size,
            1 => dx.abs().max(dy.abs()) < size,
            _ => dx.abs().max(dy.abs()) < size && (dy / 3.0).rem_euclid(2.0) < 1.0,
        };
        let marked = mark && x < side * 0.2 && y >= side * 0.8;
        let ink = ((x / 4.0) as u32 + (y / 4.0) as u32).is_multiple_of(2);
        [0, 1, 2].map(|channel| {
            let across = |left: f32, right: f32| left + (right - left) * x / side;
            let ground = across(corners[0][channel], corners[1][channel]) * (1.0 - y / side)
                + across(corners[2][channel], corners[3][channel]) * y / side;
            if marked {
                if ink { 255 } else { 0 }
            } else if inside {
                own[channel] as u8
            } else {
                ground as u8
            }
        })
    });
    rgb.collect()
}
