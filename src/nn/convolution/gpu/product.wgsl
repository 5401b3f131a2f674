// Products of matrices, many of them: M = U^T V, that is [out, columns] from [depth, out] and [depth, columns].
//
// A group of threads makes a block of M; it goes through the depth in strips, which all its threads bring into shared memory
// together. Each thread makes 8 x 8 numbers, 4 x 4 of them side by side. The constants before this text say how the threads
// stand: ROWS x COLUMNS of them, STRIP numbers deep; so does what reads and writes numbers, four side by side at a time.

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
    let zero = vec4f(0.0);
    ACCUMULATORS
    for (var strip = 0u; strip < info.depth; strip += STRIP) {
        for (var place = index; place < STRIP * HIGH; place += THREADS) {
            u_strip[place] = read_u(group.z, strip + place / HIGH, u_first + place % HIGH);
        }
        for (var place = index; place < STRIP * WIDE; place += THREADS) {
            v_strip[place] = read_v(group.z, strip + place / WIDE, v_first + place % WIDE);
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
    let row = 4 * (u_first + thread.y);
    let left = v_first + thread.x;
    let right = left + COLUMNS;
    WRITE
}
