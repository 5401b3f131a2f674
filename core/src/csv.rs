//! Lines of comma-separated values (RFC 4180).

use csv_core::{ReadRecordResult, Reader, WriteResult, Writer};

/// Line of these fields, quoted where that is needed.
pub fn line<'a>(fields: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut writer = Writer::new();
    let mut text = vec![];
    let mut room = [0; 1024];
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            finish(&mut text, |room| writer.delimiter(room));
        }
        let mut left = field.as_bytes();
        loop {
            let (result, read, written) = writer.field(left, &mut room);
            text.extend_from_slice(&room[..written]);
            left = &left[read..];
            if result == WriteResult::InputEmpty {
                break;
            }
        }
    }
    finish(&mut text, |room| writer.terminator(room));
    text
}

/// Adds what ends a field.
fn finish(text: &mut Vec<u8>, write: impl FnOnce(&mut [u8]) -> (WriteResult, usize)) {
    let mut room = [0; 8];
    let (_, written) = write(&mut room);
    text.extend_from_slice(&room[..written]);
}

/// Fields of each line of a text, without the spaces around them.
pub fn read(text: &[u8]) -> Vec<Vec<String>> {
    let (mut reader, mut left, mut lines) = (Reader::new(), text, vec![]);
    // No field is longer than the text, and each has an end.
    let (mut room, mut ends) = (vec![0; text.len() + 1], vec![0; text.len() + 2]);
    let (mut written, mut found) = (0, 0);
    loop {
        let (result, read, more, fields) = reader.read_record(left, &mut room[written..], &mut ends[found..]);
        left = &left[read..];
        (written, found) = (written + more, found + fields);
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::End | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return lines,
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends[..found].iter().copied());
                let field =
                    |(start, end): (usize, &usize)| String::from_utf8_lossy(&room[start..*end]).trim().to_owned();
                lines.push(starts.zip(&ends[..found]).map(field).collect());
                (written, found) = (0, 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let long = "x, \"y\"\n".repeat(400);
        let fields = ["a, b", "", "say \"hi\"", "grün", long.trim()];
        let text = [line(fields), line(["1", "2"])].concat();
        assert!(text.starts_with(b"\"a, b\",,\"say \"\"hi\"\"\",gr\xc3\xbcn,\""));
        assert_eq!(read(&text), [fields.map(str::to_owned).to_vec(), vec!["1".into(), "2".into()]]);
        assert_eq!(read(b"a , b\r\nc,d"), [["a", "b"], ["c", "d"]]);
        assert_eq!(read(b""), Vec::<Vec<String>>::new());
    }
}
