//! Numbers and texts in a pickle.

use std::io::Read;

use super::pickle::{Value, cut, damaged, short};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of a text, more than any in a state dict has.
const MAX_TEXT: usize = 1 << 16;

/// A number or a text, by its code.
pub(super) fn plain(code: u8, input: &mut impl Read) -> Result<Value, Fault> {
    Ok(match code {
        b'J' => Value::Int(i32::from_le_bytes(bytes(input)?).into()),
        b'K' => Value::Int(byte(input)?.into()),
        b'M' => Value::Int(u16::from_le_bytes(bytes(input)?).into()),
        b'G' => Value::Float(f64::from_be_bytes(bytes(input)?)),
        0x8a => {
            let length = byte(input)?;
            long(some(input, length.into())?)
        }
        0x8b => {
            let length = u32::from_le_bytes(bytes(input)?);
            long(some(input, length.into())?)
        }
        // Texts of Python 2 are bytes of any kind.
        b'U' => {
            let length = byte(input)?;
            String::from_utf8(some(input, length.into())?).map_or_else(|_| bytes_object(), Value::Text)
        }
        b'T' => {
            let length = u32::from_le_bytes(bytes(input)?);
            String::from_utf8(some(input, length.into())?).map_or_else(|_| bytes_object(), Value::Text)
        }
        b'C' => {
            let length = byte(input)?;
            skip(input, length.into())?
        }
        b'B' => {
            let length = u32::from_le_bytes(bytes(input)?);
            skip(input, length.into())?
        }
        0x8e | 0x96 => {
            let length = u64::from_le_bytes(bytes(input)?);
            skip(input, length)?
        }
        0x8c => {
            let length = byte(input)?;
            text(some(input, length.into())?)?
        }
        b'X' => {
            let length = u32::from_le_bytes(bytes(input)?);
            text(some(input, length.into())?)?
        }
        0x8d => {
            let length = u64::from_le_bytes(bytes(input)?);
            text(some(input, length)?)?
        }
        other => {
            return Err({
                let code = format_args!("{other:#04x}");
                damaged(fault!("pickle-code", "the code {code} is none of a dict of tensors", code))
            });
        }
    })
}

fn long(bytes: Vec<u8>) -> Value {
    if bytes.len() > 8 {
        return Value::Long(bytes);
    }
    // Two's complement; the missing bytes repeat the sign.
    let sign = if bytes.last().is_some_and(|&last| last >= 0x80) { 0xff } else { 0 };
    let mut whole = [sign; 8];
    whole[..bytes.len()].copy_from_slice(&bytes);
    Value::Int(i64::from_le_bytes(whole))
}

fn text(bytes: Vec<u8>) -> Result<Value, Fault> {
    String::from_utf8(bytes).map(Value::Text).map_err(|_| damaged(fault!("pickle-text", "a text is not UTF-8")))
}

/// Value that bytes become, which no tensor is made of.
fn bytes_object() -> Value {
    Value::Opaque("builtins bytes".into())
}

/// Bytes that are read over.
fn skip(input: &mut impl Read, length: u64) -> Result<Value, Fault> {
    let skipped = std::io::copy(&mut input.take(length), &mut std::io::sink()).map_err(cut)?;
    if skipped == length { Ok(bytes_object()) } else { Err(short()) }
}

/// One byte.
pub(super) fn byte(input: &mut impl Read) -> Result<u8, Fault> {
    bytes::<1>(input).map(|[byte]| byte)
}

/// Several bytes.
pub(super) fn bytes<const N: usize>(input: &mut impl Read) -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes).map_err(cut)?;
    Ok(bytes)
}

fn some(input: &mut impl Read, length: u64) -> Result<Vec<u8>, Fault> {
    let length = usize::try_from(length).ok().filter(|&length| length <= MAX_TEXT);
    let mut bytes = vec![0; length.ok_or_else(|| damaged(fault!("pickle-text-length", "a text is too long")))?];
    input.read_exact(&mut bytes).map_err(cut)?;
    Ok(bytes)
}

/// A name, up to the end of its line.
pub(super) fn line(input: &mut impl Read) -> Result<String, Fault> {
    let mut line = vec![];
    loop {
        match byte(input)? {
            b'\n' => return String::from_utf8(line).map_err(|_| damaged(fault!("pickle-name", "a name is not UTF-8"))),
            _ if line.len() >= MAX_TEXT => return Err(damaged(fault!("pickle-name-length", "a name is too long"))),
            byte => line.push(byte),
        }
    }
}
