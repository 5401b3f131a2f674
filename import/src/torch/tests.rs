//! Pickles written by hand: what PyTorch once wrote and no writer at hand does any more, and what nobody should run.

use std::io::Cursor;

use super::super::{Options, parse};
use super::Imported;
use super::legacy::MAGIC;

fn text(text: &str) -> Vec<u8> {
    [&b"X"[..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

/// Python 2 wrote `str`, not `unicode`.
fn short(text: &str) -> Vec<u8> {
    [&[b'U', text.len() as u8][..], text.as_bytes()].concat()
}

fn pickle(body: &[u8]) -> Vec<u8> {
    [&[0x80, 2][..], body, b"."].concat()
}

/// A file of the time before archives.
fn legacy(state: &[u8], storages: &[(&str, &[f32])]) -> Vec<u8> {
    let magic = pickle(&[&[0x8a, 10][..], &MAGIC].concat());
    let system = pickle(&[&b"}"[..], &short("little_endian"), &[0x88, b's']].concat());
    let keys: Vec<u8> = storages.iter().flat_map(|(key, _)| short(key)).collect();
    let keys = pickle(&[&b"]("[..], &keys, b"e"].concat());
    let data = storages.iter().flat_map(|(_, values)| {
        let numbers = values.iter().flat_map(|value| value.to_le_bytes());
        (values.len() as u64).to_le_bytes().into_iter().chain(numbers)
    });
    [magic, pickle(&[b'M', 0xe9, 3]), system, pickle(state), keys, data.collect()].concat()
}

/// `_rebuild_tensor(storage, offset, shape, stride)` as PyTorch 0.1 had it; the numbers are below 256.
fn tensor(storage: &[u8], offset: u8, shape: &[u8], stride: &[u8]) -> Vec<u8> {
    let tuple = |sizes: &[u8]| {
        let sizes: Vec<u8> = sizes.iter().flat_map(|&size| [b'K', size]).collect();
        [b"(", &sizes[..], b"t"].concat()
    };
    let arguments = [storage, &[b'K', offset], &tuple(shape), &tuple(stride)].concat();
    [b"ctorch._utils\n_rebuild_tensor\n(", &arguments[..], b"tR"].concat()
}

fn storage(class: &str, key: &str, elements: u8, view: &[u8]) -> Vec<u8> {
    let class = format!("ctorch\n{class}\n");
    [&b"("[..], &short("storage"), class.as_bytes(), &short(key), &short("cpu"), &[b'K', elements], view, b"tQ"]
        .concat()
}

/// `OrderedDict([[name, tensor], ...])`, as Python 2 pickled it.
fn ordered(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let pair = |(name, value): &(&str, Vec<u8>)| [&b"]("[..], &short(name), value, b"e"].concat();
    let pairs: Vec<u8> = entries.iter().flat_map(pair).collect();
    [&b"ccollections\nOrderedDict\n]("[..], &pairs, b"e\x85R"].concat()
}

fn read(bytes: Vec<u8>) -> Result<Imported, String> {
    parse(Cursor::new(bytes), "", &Options::default()).map_err(|fault| fault.to_string())
}

const NUMBERS: [f32; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];

#[test]
fn files_of_python_2_are_read() {
    let view = [&b"("[..], &short("8"), b"K\x02K\x03t"].concat();
    let state = ordered(&[
        ("turned", tensor(&storage("FloatStorage", "7", 6, b"N"), 0, &[3, 2], &[1, 3])),
        ("part", tensor(&storage("FloatStorage", "7", 6, &view), 1, &[2], &[1])),
        ("count", tensor(&storage("LongStorage", "9", 1, b"N"), 0, &[1], &[1])),
    ]);
    // Two numbers of 4 bytes are one of 8.
    let count = [0.0, 0.0];
    let mut bytes = legacy(&state, &[("7", &NUMBERS), ("9", &count)]);
    let place = bytes.len() - 16;
    bytes[place..place + 8].copy_from_slice(&1_u64.to_le_bytes());
    let imported = read(bytes).unwrap();
    assert_eq!(imported.tensors["turned"].read().unwrap(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    assert_eq!(imported.tensors["turned"].shape, [3, 2]);
    assert_eq!(imported.tensors["part"].read().unwrap(), [3.0, 4.0]);
    assert!(imported.notes[0].to_string().contains(": count"), "{:?}", imported.notes);
}

#[test]
fn a_checkpoint_is_read_for_its_state_dict() {
    let weight = tensor(&storage("FloatStorage", "0", 6, b"N"), 0, &[6], &[1]);
    let inner = ordered(&[("weight", weight)]);
    let state = [&b"}("[..], &text("epoch"), b"K\x05", &text("state_dict"), &inner, b"u"].concat();
    let imported = read(legacy(&state, &[("0", &NUMBERS)])).unwrap();
    assert_eq!(imported.tensors["weight"].read().unwrap(), NUMBERS);
}

#[test]
fn a_state_dict_may_lie_two_dicts_deep_and_comes_before_means_of_old_weights() {
    let weight = tensor(&storage("FloatStorage", "0", 6, b"N"), 0, &[6], &[1]);
    let (inner, other) = (ordered(&[("weight", weight.clone())]), ordered(&[("mean", weight)]));
    let nested = [&b"}("[..], &text("decay"), b"K\x01", &text("module"), &inner, b"u"].concat();
    let state = [&b"}"[..], &text("ema"), &nested, b"s"].concat();
    let imported = read(legacy(&state, &[("0", &NUMBERS)])).unwrap();
    assert_eq!(imported.tensors["weight"].read().unwrap(), NUMBERS);
    assert!(
        imported.notes[0].to_string().contains("took the tensors in module")
            && imported.notes[0].to_string().contains("decay")
    );
    let both = [&b"}("[..], &text("ema"), &other, &text("model"), &inner, b"u"].concat();
    let imported = read(legacy(&both, &[("0", &NUMBERS)])).unwrap();
    assert_eq!(imported.tensors.keys().collect::<Vec<_>>(), ["weight"]);
    // A dict of tensors that holds itself.
    let own = [&b"}q\x00("[..], &text("state_dict"), b"h\x00", &text("weight")].concat();
    let weight = tensor(&storage("FloatStorage", "0", 6, b"N"), 0, &[6], &[1]);
    let own = [&own[..], &weight, b"u"].concat();
    assert_eq!(read(legacy(&own, &[("0", &NUMBERS)])).unwrap().tensors.len(), 1);
}

/// Checkpoint as the field keeps it: beside the weights settings in an `argparse.Namespace`, scores that are NumPy's, sets, bytes.
#[test]
fn what_is_no_tensor_in_a_checkpoint_is_left_out_by_name() {
    let weight = tensor(&storage("FloatStorage", "0", 6, b"N"), 0, &[6], &[1]);
    let namespace = [&b"cargparse\nNamespace\n)\x81}"[..], &text("lr"), b"K\x01sb"].concat();
    let score = [&b"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n("[..], &text("f8"), b"tRC\x02\xff\xfetR"].concat();
    let counts = [&b"ccollections\ndefaultdict\n(c__builtin__\nint\ntR("[..], &text("a"), b"K\x01u"].concat();
    let set = b"\x8f(K\x01K\x02\x90";
    let state = [
        &b"}("[..],
        &text("args"),
        &namespace,
        &text("best"),
        &score,
        &text("counts"),
        &counts,
        &text("seen"),
        set,
        &text("net"),
        &ordered(&[("weight", weight.clone())]),
        b"u",
    ];
    let imported = read(legacy(&state.concat(), &[("0", &NUMBERS)])).unwrap();
    assert_eq!(imported.tensors["weight"].read().unwrap(), NUMBERS);
    assert_eq!(
        imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "took the tensors in net and left out what is beside it: args (argparse.Namespace), best (numpy.core.multiarray.scalar), \
          counts (collections.defaultdict), seen"
        ]
    );
    // A model that was saved as an object, and two sets of weights.
    let state = [&b"}"[..], &text("model"), b"cmodels.yolo\nModel\n)\x81s"].concat();
    let error = read(legacy(&state, &[])).unwrap_err();
    assert!(error.contains("holds model (models.yolo.Model)") && error.contains("state_dict()"), "{error}");
    let inner = ordered(&[("weight", weight)]);
    let state = [&b"}("[..], &text("student"), &inner, &text("teacher"), &inner, b"u"].concat();
    let error = read(legacy(&state, &[("0", &NUMBERS)])).unwrap_err();
    assert!(error.contains("student, teacher"), "{error}");
}

#[test]
fn pickled_functions_are_named_and_never_run() {
    let run = |body: &[u8]| read(legacy(body, &[])).unwrap_err();
    for (body, named) in [
        (&b"cos\nsystem\n(X\x02\x00\x00\x00lstR"[..], "os.system"),
        (b"c__builtin__\neval\n(X\x01\x00\x00\x001tR", "__builtin__.eval"),
        (b"ctorchvision.models.vgg\nVGG\n)\x81", "torchvision.models.vgg.VGG"),
        (b"ctorch\nload\n(X\x01\x00\x00\x00xtR", "torch.load"),
        (b"X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93", "os.system"),
    ] {
        let error = run(body);
        assert!(error.contains(named) && error.contains("not run") && error.contains("state_dict"), "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_pickle_is_said() {
    let one = |storage: &[u8], offset, shape: &[u8], stride: &[u8]| {
        let state = ordered(&[("w", tensor(storage, offset, shape, stride))]);
        read(legacy(&state, &[("0", &NUMBERS)])).unwrap_err()
    };
    let floats = storage("FloatStorage", "0", 6, b"N");
    for (error, part) in [
        (one(&floats, 1, &[6], &[1]), "beyond its storage"),
        (one(&floats, 0, &[2, 2], &[255, 1]), "beyond its storage"),
        (one(&floats, 0, &[200, 200], &[0, 0]), "more numbers"),
        (one(&floats, 0, &[3, 3], &[0, 0]), "beyond its storage"),
        (one(&floats, 0, &[6], &[1, 1]), "arguments"),
        (one(&storage("FloatStorage", "0", 7, b"N"), 0, &[6], &[1]), "length it should have"),
        (one(&storage("FloatStorage", "1", 6, b"N"), 0, &[6], &[1]), "belongs to no tensor"),
        (one(&storage("DoubleStorage", "0", 255, b"N"), 0, &[6], &[1]), "longer than the file"),
        (one(&storage("QUInt8Storage", "0", 6, b"N"), 0, &[6], &[1]), "torch.QUInt8Storage"),
        (read(legacy(b"K\x01", &[])).unwrap_err(), "no dict of tensors"),
        (read(legacy(b"}", &[])).unwrap_err(), "no dict of tensors"),
        (read(legacy(b"(((R", &[])).unwrap_err(), "missing"),
        (read(legacy(b"h\x05", &[])).unwrap_err(), "recalls"),
        (read(legacy(b"X\xff\xff\xff\xff", &[])).unwrap_err(), "too long"),
        (read(pickle(b"}")).unwrap_err(), "none of torch.save"),
    ] {
        assert!(error.contains(part) && error.contains(';'), "{part}: {error}");
    }
    let state = ordered(&[("w", tensor(&floats, 0, &[6], &[1]))]);
    assert!(read(legacy(&state, &[])).unwrap_err().contains("storage 0 is missing"));
}

#[test]
fn a_pickle_that_doubles_itself_stays_small() {
    // A list that holds the one before twice, thirty times over: 2^30 lists to who walks it.
    let mut state = b"]q\x00".to_vec();
    for key in 1..30 {
        state.extend([b']', b'(', b'h', key - 1, b'h', key - 1, b'e', b'q', key]);
    }
    assert!(read(legacy(&state, &[])).unwrap_err().contains("no dict of tensors"));
    // A tensor of 10,000 axes, a name of 60,000 letters and a dict of 10,000 items, each made again by a few bytes.
    let axes = [&b"("[..], &b"K\x01".repeat(10_000), b"tq\x02"].concat();
    let parts = [&storage("FloatStorage", "0", 1, b"N")[..], b"q\x01", &axes].concat();
    let again = b"ctorch._utils\n_rebuild_tensor\n(h\x01K\x00h\x02h\x02tR".repeat(1000);
    assert!(read(legacy(&[parts, again].concat(), &[])).unwrap_err().contains("more memory"));
    let name = [text(&"a".repeat(60_000)), b"q\x01".to_vec(), b"h\x01h\x01\x93".repeat(2000)].concat();
    assert!(read(legacy(&name, &[])).unwrap_err().contains("more memory"));
    let pairs = [&b"]("[..], &b"]K\x01aK\x01a".repeat(10_000), b"eq\x01"].concat();
    let dicts = [pairs, b"ccollections\nOrderedDict\nh\x01\x85R".repeat(1000)].concat();
    assert!(read(legacy(&dicts, &[])).unwrap_err().contains("more memory"));
    // One tensor under one name, a thousand times, is one.
    let weight = tensor(&storage("FloatStorage", "0", 6, b"N"), 0, &[6], &[1]);
    let item = [&text("weight")[..], b"q\x01", &weight, b"q\x02", &b"h\x01h\x02".repeat(1000)].concat();
    let state = [b"}(", &item[..], b"u"].concat();
    assert_eq!(read(legacy(&state, &[("0", &NUMBERS)])).unwrap().tensors.len(), 1);
    // A dict that holds itself.
    let state = [&b"}q\x00"[..], &text("state_dict"), b"h\x00s"].concat();
    assert!(read(legacy(&state, &[])).unwrap_err().contains("no dict of tensors"));
}
