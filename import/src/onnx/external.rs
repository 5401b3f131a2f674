//! Numbers that lie in files beside the ONNX file (<https://onnx.ai/onnx/repo-docs/ExternalData.html>), read when their turn comes.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use super::proto::{TensorProto, data_type};
use crate::{Content, Place, count};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Places where files with tensors may lie: in the folder of the ONNX file. They may be links, as the ONNX file may be one, if they
/// lead to files beside the one that it leads to: the cache of the Hugging Face hub is a folder of links into one folder of files.
pub(super) struct External<'a> {
    place: Place<'a>,
    folder: PathBuf,
    /// The folder that the ONNX file really lies in, if it is there.
    real: Option<PathBuf>,
}

/// Numbers of a tensor in a file.
struct Numbers {
    file: Box<dyn Content>,
    location: String,
    offset: u64,
    bytes: usize,
}

impl<'a> External<'a> {
    /// Files beside the ONNX file at that place.
    pub(super) fn new(place: Place<'a>) -> Self {
        let folder = place.path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let real = place.path.canonicalize().ok().and_then(|path| Some(path.parent()?.to_owned()));
        Self { place, folder: folder.into(), real }
    }

    /// Whether the numbers of a tensor lie in another file.
    pub(super) fn holds(tensor: &TensorProto) -> bool {
        tensor.data_location == Some(1)
    }

    /// Sees to it that what [`External::read`] will read is there, so that what is missing has a sentence of its own.
    pub(super) fn check<'t>(&self, mut tensors: impl Iterator<Item = &'t TensorProto>) -> Result<(), Fault> {
        tensors.try_for_each(|tensor| if Self::holds(tensor) { self.numbers(tensor).map(|_| ()) } else { Ok(()) })
    }

    /// Bytes of the tensors whose numbers lie in other files, as far as these are there.
    pub(super) fn bytes<'t>(&self, tensors: impl Iterator<Item = &'t TensorProto>) -> u64 {
        tensors
            .filter(|tensor| Self::holds(tensor))
            .filter_map(|tensor| self.numbers(tensor).ok())
            .map(|numbers| numbers.bytes as u64)
            .sum()
    }

    /// The bytes of a tensor whose numbers lie in another file.
    pub(super) fn read(&self, tensor: &TensorProto) -> Result<Vec<u8>, Fault> {
        let Numbers { mut file, location, offset, bytes } = self.numbers(tensor)?;
        let cut = |error| unreadable(Path::new(&location), error);
        let mut read = vec![0; bytes];
        file.seek(SeekFrom::Start(offset)).map_err(cut)?;
        file.read_exact(&mut read).map_err(cut)?;
        Ok(read)
    }

    fn numbers(&self, tensor: &TensorProto) -> Result<Numbers, Fault> {
        let name = tensor.name.as_deref().unwrap_or("(unnamed)");
        let entry = |key: &str| {
            let entry = tensor.external_data.iter().find(|entry| entry.key.as_deref() == Some(key));
            entry.and_then(|entry| entry.value.as_deref())
        };
        let number = |key: &str| match entry(key).map(str::parse::<u64>) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(fault!(
                "external-entry",
                "the tensor {name} has a wrong {key} in its file: the ONNX file is damaged; get it again",
                name,
                key
            )),
        };
        let location = entry("location").unwrap_or_default();
        let mut file = self.open(location, name)?;
        let length = file.seek(SeekFrom::End(0)).map_err(|error| unreadable(Path::new(location), error))?;
        let offset = number("offset")?.unwrap_or(0);
        let bytes = bytes(tensor)?;
        let given = number("length")?.is_none_or(|given| given == bytes as u64);
        if !given || offset.checked_add(bytes as u64).is_none_or(|end| end > length) {
            return Err(fault!(
                "external-bytes",
                "the tensor {name} of {bytes} bytes does not lie in {location} of {length} bytes: one of the two files is \
                 incomplete or of another model; get both again",
                name,
                bytes,
                location,
                length
            ));
        }
        Ok(Numbers { file, location: location.into(), offset, bytes })
    }

    /// Opens a file that a tensor names.
    fn open(&self, location: &str, tensor: &str) -> Result<Box<dyn Content>, Fault> {
        if let Some(given) = self.place.given {
            let missing = || unreadable(Path::new(location), ErrorKind::NotFound.into());
            return given(location).ok_or_else(missing);
        }
        let path = self.inside(location, tensor)?;
        // A pipe would be waited for.
        let meta = std::fs::metadata(&path).map_err(|error| unreadable(&path, error))?;
        if !meta.is_file() {
            return Err(unreadable(&path, ErrorKind::InvalidInput.into()));
        }
        Ok(Box::new(File::open(&path).map_err(|error| unreadable(&path, error))?))
    }

    /// The path of a file, which lies in the folder, or really lies beside the ONNX file.
    fn inside(&self, location: &str, tensor: &str) -> Result<PathBuf, Fault> {
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        let leaves = || {
            fault!(
                "external-outside",
                "the tensor {tensor} keeps its numbers in {location}, which does not lie in the folder of the ONNX file; save \
                 the model again with its data beside it",
                tensor,
                location = format_args!("{location:?}")
            )
        };
        if location.is_empty() || !Path::new(location).components().all(plain) {
            return Err(leaves());
        }
        let real = |path: &Path| path.canonicalize().map_err(|error| unreadable(path, error));
        let named = self.folder.join(location);
        // A link to the ONNX file alone: its data is where the file is.
        let behind = self.real.as_ref().map(|folder| folder.join(location));
        let path = behind.filter(|behind| !named.exists() && behind.exists()).unwrap_or(named);
        let found = real(&path)?;
        let beside = self.real.as_ref().is_some_and(|folder| found.starts_with(folder));
        if beside || found.starts_with(real(&self.folder)?) { Ok(path) } else { Err(leaves()) }
    }
}

fn unreadable(path: &Path, error: std::io::Error) -> Fault {
    let fault = fault!(
        "external-unreadable",
        "its data file {path} cannot be read ({error}); put it where the ONNX file expects it",
        path = path.display(),
        error
    );
    fault.with_source(error)
}

/// Bytes that a tensor's shape asks for.
fn bytes(tensor: &TensorProto) -> Result<usize, Fault> {
    let name = tensor.name.as_deref().unwrap_or("(unnamed)");
    let size = |&size: &i64| {
        let wrong =
            |_| fault!("external-size", "the tensor {name} has a size of {size}; get the file again", name, size);
        usize::try_from(size).map_err(wrong)
    };
    let shape = tensor.dims.iter().map(size).collect::<Result<Vec<_>, _>>()?;
    let numbers =
        count(&shape).map_err(|cause| fault!("external-impossible", "{cause}; get the file again", cause = cause))?;
    let one = match tensor.data_type {
        Some(data_type::FLOAT | data_type::INT32) => 4,
        Some(data_type::DOUBLE | data_type::INT64) => 8,
        Some(data_type::FLOAT16 | data_type::BFLOAT16) => 2,
        // A type that is not read.
        _ => 0,
    };
    let bytes = numbers.checked_mul(one);
    bytes.ok_or_else(|| fault!("external-shape", "the tensor {name} has an impossible shape; get the file again", name))
}
