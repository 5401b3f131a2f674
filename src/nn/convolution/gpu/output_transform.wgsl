// From products M [points, K, tiles] to planes [N, K, h, w], with the bias, rectified or not: a thread for each tile of each channel.

struct Info {
    channels: u32,
    height: u32,
    width: u32,
    tile_rows: u32,
    tile_columns: u32,
    first: u32,
    count: u32,
    row: u32,
    // No number stays below it.
    floor: f32,
}

@group(0) @binding(0) var<storage, read_write> products: array<f32>;
@group(0) @binding(1) var<storage, read_write> planes: array<f32>;
@group(0) @binding(INFO) var<uniform> info: Info;
DECLARED

// Not `max`, which may replace NaN by the floor.
fn rectified(number: f32) -> f32 {
    return select(number, info.floor, number < info.floor);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= info.count) {
        return;
    }
    let tile = info.first + id.x;
    let channel = id.y;
    let sample = tile / (info.tile_rows * info.tile_columns);
    let within = tile % (info.tile_rows * info.tile_columns);
    let top = within / info.tile_columns * OUT;
    let left = within % info.tile_columns * OUT;
    let plane = ((sample * info.channels + channel) * info.height + top) * info.width + left;
    let bias = BIAS;
    let start = channel * info.row + id.x;
    let step = info.channels * info.row;
    BODY
}
