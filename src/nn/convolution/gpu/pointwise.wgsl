// One product for each sample: of a kernel [K, C, 1, 1] and planes [N, C, pixels], with the bias, rectified or not; or, for the
// pullback, of the kernel and planes [N, K, pixels].

struct Info {
    depth: u32,
    out: u32,
    pixels: u32,
    // The distances in the kernel from one channel to the next of those summed over, and of those that come out.
    depth_step: u32,
    out_step: u32,
    // No number stays below it.
    floor: f32,
}

@group(0) @binding(0) var<storage, read_write> u: array<f32>;
@group(0) @binding(1) var<storage, read_write> v: array<f32>;
@group(0) @binding(2) var<storage, read_write> m: array<f32>;
@group(0) @binding(INFO) var<uniform> info: Info;
DECLARED

fn read_u(sample: u32, row: u32, four: u32) -> vec4f {
    var numbers = vec4f(0.0);
    let place = row * info.depth_step + 4 * four * info.out_step;
    let rest = select(0u, info.out - min(info.out, 4 * four), row < info.depth);
    if (rest > 0) { numbers.x = u[place]; }
    if (rest > 1) { numbers.y = u[place + info.out_step]; }
    if (rest > 2) { numbers.z = u[place + 2 * info.out_step]; }
    if (rest > 3) { numbers.w = u[place + 3 * info.out_step]; }
    return numbers;
}

fn read_v(sample: u32, row: u32, four: u32) -> vec4f {
    var numbers = vec4f(0.0);
    let place = (sample * info.depth + row) * info.pixels + 4 * four;
    let rest = select(0u, info.pixels - min(info.pixels, 4 * four), row < info.depth);
    if (rest > 0) { numbers.x = v[place]; }
    if (rest > 1) { numbers.y = v[place + 1]; }
    if (rest > 2) { numbers.z = v[place + 2]; }
    if (rest > 3) { numbers.w = v[place + 3]; }
    return numbers;
}

fn write(sample: u32, row: u32, four: u32, numbers: vec4f) {
    let rest = select(0u, info.pixels - min(info.pixels, 4 * four), row < info.out);
    if (rest == 0) {
        return;
    }
    let sums = numbers + BIAS;
    // Not `max`, which may replace NaN by the floor.
    let rectified = select(sums, vec4f(info.floor), sums < vec4f(info.floor));
    let place = (sample * info.out + row) * info.pixels + 4 * four;
    m[place] = rectified.x;
    if (rest > 1) { m[place + 1] = rectified.y; }
    if (rest > 2) { m[place + 2] = rectified.z; }
    if (rest > 3) { m[place + 3] = rectified.w; }
}
