// Products of matrices, one for each point: M[p] = U[p]^T V[p], that is [out, tiles] from [depth, out] and [depth, tiles].
//
// A group of threads makes a block of M; it goes through the depth in strips, which all its threads bring into shared memory
// together. Each thread makes 8 x 8 numbers, 4 x 4 of them side by side. The constants before this text say how the threads
// stand: ROWS x COLUMNS of them, STRIP numbers deep.

struct Info {
    // How many channels are summed over.
    depth: u32,
    // How many rows M has.
    out: u32,
    // The length of a row of U and of one of V and M, in fours.
    u_row: u32,
    v_row: u32,
    // The size of one U, in fours.
    u_size: u32,
}

@group(0) @binding(0) var<storage, read_write> u: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<uniform> info: Info;

const THREADS = ROWS * COLUMNS;
// The fours in a strip's row.
const HIGH = 2 * ROWS;
const WIDE = 2 * COLUMNS;

var<workgroup> u_strip: array<vec4f, STRIP * HIGH>;
var<workgroup> v_strip: array<vec4f, STRIP * WIDE>;

@compute @workgroup_size(COLUMNS, ROWS)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_id) thread: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let u_first = group.y * HIGH;
    let v_first = group.x * WIDE;
    let u_start = group.z * info.u_size;
    let v_start = group.z * info.depth * info.v_row;
    let zero = vec4f(0.0);
    ACCUMULATORS
    for (var strip = 0u; strip < info.depth; strip += STRIP) {
        for (var place = index; place < STRIP * HIGH; place += THREADS) {
            let row = strip + place / HIGH;
            let four = u_first + place % HIGH;
            let inside = row < info.depth && four < info.u_row;
            u_strip[place] = select(zero, u[select(0u, u_start + row * info.u_row + four, inside)], inside);
        }
        for (var place = index; place < STRIP * WIDE; place += THREADS) {
            let row = strip + place / WIDE;
            let four = v_first + place % WIDE;
            let inside = row < info.depth && four < info.v_row;
            v_strip[place] = select(zero, v[select(0u, v_start + row * info.v_row + four, inside)], inside);
        }
        workgroupBarrier();
        for (var row = 0u; row < STRIP; row++) {
            let u0 = u_strip[row * HIGH + thread.y];
            let u1 = u_strip[row * HIGH + thread.y + ROWS];
            let v0 = v_strip[row * WIDE + thread.x];
            let v1 = v_strip[row * WIDE + thread.x + COLUMNS];
            MULTIPLY
        }
        workgroupBarrier();
    }
    let m_start = group.z * info.out * info.v_row + v_first + thread.x;
    let row = 4 * (u_first + thread.y);
    let left = v_first + thread.x < info.v_row;
    let right = v_first + thread.x + COLUMNS < info.v_row;
    WRITE
}
