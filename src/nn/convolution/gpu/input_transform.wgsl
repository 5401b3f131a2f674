// From planes [N, C, H, W] to the transformed input V [points, C, tiles]: a thread for each tile of each channel. The
// planes may stand apart: between two rows or columns of them lie steps - 1 of zeros.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    // What the planes are padded with, in front.
    above: u32,
    before: u32,
    row_step: u32,
    column_step: u32,
    // How many tiles a sample has, downwards and across.
    tile_rows: u32,
    tile_columns: u32,
    // The tiles of this run, counted through all samples, and the length of a row of values.
    first: u32,
    count: u32,
    row: u32,
}

@group(0) @binding(0) var<storage, read_write> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<uniform> info: Info;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= info.count) {
        return;
    }
    let tile = info.first + id.x;
    let channel = id.y;
    let sample = tile / (info.tile_rows * info.tile_columns);
    let within = tile % (info.tile_rows * info.tile_columns);
    let plane = (sample * info.channels + channel) * info.height * info.width;
    // What lies before the plane wraps around, and so lies behind it, too.
    let top = within / info.tile_columns * OUT - info.above;
    let left = within % info.tile_columns * OUT - info.before;
    let start = channel * info.row + id.x;
    let step = info.channels * info.row;
    BODY
}
