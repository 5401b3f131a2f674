//! The end chunk of a PNG file, which a download that breaks off at the last moment lacks.

/// The chunk `IEND`: no bytes, its name, its checksum.
const IEND: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Bytes of a chunk beside its data: 4 of the length, 4 of the name, 4 of the checksum.
const AROUND: usize = 12;

/// The whole chunks of a PNG file, and the end chunk that it lacks; nothing where it has one.
pub(super) fn added(png: &[u8]) -> Option<Vec<u8>> {
    let mut place = 8;
    while let Some(length) = png.get(place..).and_then(<[u8]>::first_chunk) {
        let chunk = png.get(place..place.checked_add(u32::from_be_bytes(*length) as usize)?.checked_add(AROUND)?);
        let Some(chunk) = chunk else { break };
        if chunk[4..8] == IEND[4..8] {
            return None;
        }
        place += chunk.len();
    }
    Some([png.get(..place)?, &IEND].concat())
}
