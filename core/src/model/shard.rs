//! The files that a model's numbers come in: pieces of one stream of bytes, each with its length and hash, most of them compressed.
//!
//! Quantized weights are far from evenly distributed: VGG16's in int8 carry 6.5 bits a byte. Huffman's code, DEFLATE's without
//! its search for repetitions, of which there are none, comes within half a percent of that. It is done here because many a
//! static host does not compress binary files.

use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Result};
use crate::export::sha256;
use crate::fault;

/// Bytes of a shard at most, packed or unpacked: a broken download loses little, and every static host serves it.
pub const MAX_SHARD_BYTES: u64 = 4_000_000;

/// One file of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// File name beside `model.json`.
    pub file: String,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Length of what a compressed file holds: it is a raw DEFLATE stream (RFC 1951). A file without is a piece of the stream as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpacked: Option<u64>,
}

impl Shard {
    /// The shard of a piece of the stream, and its file's content: compressed, unless that does not make it smaller.
    pub fn of(file: String, piece: Vec<u8>) -> (Self, Vec<u8>) {
        // Level 6 and no zlib header; without matches the level decides nothing else.
        let flags = create_comp_flags_from_zip_params(6, 0, CompressionStrategy::HuffmanOnly as i32);
        let mut packed = vec![];
        compress_to_output(&mut CompressorOxide::new(flags), &piece, TDEFLFlush::Finish, |bytes| {
            packed.extend_from_slice(bytes);
            true
        });
        let (unpacked, content) =
            if packed.len() < piece.len() { (Some(piece.len() as u64), packed) } else { (None, piece) };
        (Self { file, bytes: content.len() as u64, sha256: sha256(&content), unpacked }, content)
    }

    /// Key that the file is kept under between visits: no shard of another version of the model has it.
    pub fn key(&self) -> String {
        format!("{}?{}", self.file, self.sha256)
    }

    /// The bytes of the stream that the shard holds.
    pub fn stream_bytes(&self) -> u64 {
        self.unpacked.unwrap_or(self.bytes)
    }

    /// Checks that `content` is the file's.
    ///
    /// # Errors
    /// [`Error::Weights`] for a short, long or damaged file.
    pub fn check(&self, content: &[u8]) -> Result<()> {
        if content.len() as u64 != self.bytes {
            let (actual, expected) = (content.len(), self.bytes);
            let what = fault!("shard-length", "has {actual} bytes instead of {expected}", actual, expected);
            return Err(self.damaged(what));
        }
        let (actual, expected) = (sha256(content), &self.sha256);
        if actual != *expected {
            let what = fault!("shard-hash", "has SHA-256 {actual} instead of {expected}", actual, expected);
            return Err(self.damaged(what));
        }
        Ok(())
    }

    fn damaged(&self, cause: Fault) -> Error {
        let file = &self.file;
        Error::Weights(fault!(
            "shard-damaged",
            "{file} {cause}; the file is damaged or incomplete: get the model again",
            cause = cause,
            file
        ))
    }

    /// The piece of the stream, of the file's content, which has been checked.
    ///
    /// # Errors
    /// [`Error::Weights`] where it is not what `model.json` says all the same.
    pub fn unpack(&self, content: Vec<u8>) -> Result<Vec<u8>> {
        let Some(length) = self.unpacked else { return Ok(content) };
        let piece = decompress_to_vec_with_limit(&content, length as usize).map_err(|error| {
            self.damaged(fault!("shard-packed", "cannot be unpacked ({status})", status = error.status as i32))
        })?;
        if piece.len() as u64 != length {
            let what =
                fault!("shard-unpacked", "holds {actual} bytes instead of {length}", actual = piece.len(), length);
            return Err(self.damaged(what));
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_compressed_where_it_helps_and_give_back_every_byte() {
        // Steps near 0 are the most frequent, as in quantized weights.
        let skewed: Vec<u8> =
            (0..100_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8 / 16 * (i % 3) as u8).collect();
        let even: Vec<u8> = (0..1000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for (piece, smaller) in [(skewed, true), (even, false), (vec![7], false)] {
            let (shard, content) = Shard::of("a.bin".into(), piece.clone());
            assert_eq!((shard.unpacked.is_some(), shard.bytes as usize), (smaller, content.len()));
            assert_eq!(shard.stream_bytes() as usize, piece.len());
            assert!(!smaller || content.len() < piece.len() * 3 / 4);
            assert_eq!(shard.unpack(content).unwrap(), piece);
        }
    }

    #[test]
    fn a_shard_that_unpacks_to_another_length_is_refused() {
        let (shard, content) = Shard::of("a.bin".into(), vec![0; 1000]);
        for length in [999, 1001] {
            let other = Shard { unpacked: Some(length), ..shard.clone() };
            let error = other.unpack(content.clone()).unwrap_err().to_string();
            assert!(error.contains("a.bin") && error.contains("get the model again"), "{error}");
        }
        let plain = b"no DEFLATE stream".to_vec();
        let other = Shard { bytes: plain.len() as u64, sha256: sha256(&plain), ..shard };
        assert!(other.unpack(plain).unwrap_err().to_string().contains("cannot be unpacked"));
    }
}
