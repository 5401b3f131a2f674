// One product for each point: of the transformed kernel U [points, into, out] and the transformed input V [points, into, tiles];
// rows are whole fours.

struct Info {
    depth: u32,
    out: u32,
    // The length of a row of U and of one of V and M, in fours.
    u_row: u32,
    v_row: u32,
}

@group(0) @binding(0) var<storage, read_write> u: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<uniform> info: Info;

fn read_u(point: u32, row: u32, four: u32) -> vec4f {
    let inside = row < info.depth && four < info.u_row;
    return select(vec4f(0.0), u[select(0u, (point * info.depth + row) * info.u_row + four, inside)], inside);
}

fn read_v(point: u32, row: u32, four: u32) -> vec4f {
    let inside = row < info.depth && four < info.v_row;
    return select(vec4f(0.0), v[select(0u, (point * info.depth + row) * info.v_row + four, inside)], inside);
}

fn write(point: u32, row: u32, four: u32, numbers: vec4f) {
    if (row < info.out && four < info.v_row) {
        m[(point * info.out + row) * info.v_row + four] = numbers;
    }
}
