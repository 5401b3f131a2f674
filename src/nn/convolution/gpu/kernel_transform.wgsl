// From a kernel [K, C, 3, 3] to the transformed kernel U [points, into, out]: a thread for each pair of channels.

struct Info {
    into: u32,
    out: u32,
    // The distances in the kernel from one channel to the next.
    into_step: u32,
    out_step: u32,
    // The length of a row of values, rounded up to fours.
    row: u32,
}

@group(0) @binding(0) var<storage, read_write> kernel: array<f32>;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<uniform> info: Info;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let out = id.x;
    let into = id.y;
    if (out >= info.out) {
        return;
    }
    let start = into * info.into_step + out * info.out_step;
    let place = into * info.row + out;
    let step = info.into * info.row;
    BODY
}
