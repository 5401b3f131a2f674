//! Writes ONNX files.

use prost::Message;

use super::super::proto::*;

/// A graph in the making.
#[derive(Clone)]
pub(super) struct Graph(GraphProto, Vec<FunctionProto>);

impl Graph {
    /// Graph with one input of that shape; 0 is an open size.
    pub(super) fn new(input: &str, shape: &[i64]) -> Self {
        let dim = shape.iter().map(|&size| Dimension { dim_value: (size > 0).then_some(size) }).collect();
        let tensor_type = TensorType { elem_type: Some(data_type::FLOAT), shape: Some(TensorShapeProto { dim }) };
        let input =
            ValueInfoProto { name: Some(input.into()), r#type: Some(TypeProto { tensor_type: Some(tensor_type) }) };
        Self(GraphProto { input: vec![input], ..GraphProto::default() }, vec![])
    }

    pub(super) fn constant(mut self, tensor: TensorProto) -> Self {
        self.0.initializer.push(tensor);
        self
    }

    pub(super) fn node(
        mut self,
        kind: &str,
        name: &str,
        inputs: &[&str],
        output: &str,
        attribute: Vec<AttributeProto>,
    ) -> Self {
        self.0.node.push(NodeProto {
            input: inputs.iter().map(|&name| name.into()).collect(),
            output: vec![output.into()],
            name: Some(name.into()),
            op_type: Some(kind.into()),
            attribute,
            domain: None,
        });
        self
    }

    /// A split along the channels.
    pub(super) fn split(mut self, name: &str, input: &str, outputs: &[&str]) -> Self {
        self = self.node("Split", name, &[input], "", vec![int("axis", 1)]);
        if let Some(node) = self.0.node.last_mut() {
            node.output = outputs.iter().map(|&name| name.into()).collect();
        }
        self
    }

    /// The file's only node, which calls a function of that name, which does nothing but `inner`.
    pub(super) fn calls(self, name: &str, inner: &str) -> Self {
        let mut graph = self.node(name, "call", &["input"], "out", vec![]).output("out");
        let domain = Some("tests".to_owned());
        if let Some(node) = graph.0.node.last_mut() {
            node.domain.clone_from(&domain);
        }
        let inside = NodeProto {
            input: vec!["a".into()],
            output: vec!["b".into()],
            op_type: Some(inner.into()),
            domain: if inner == name { domain.clone() } else { None },
            ..NodeProto::default()
        };
        let function = FunctionProto {
            name: Some(name.into()),
            input: vec!["a".into()],
            output: vec!["b".into()],
            node: vec![inside],
            domain,
            attribute_proto: vec![],
        };
        graph.1.push(function);
        graph
    }

    /// The output, in place of another one.
    pub(super) fn output(mut self, name: &str) -> Self {
        self.0.output = vec![ValueInfoProto { name: Some(name.into()), r#type: None }];
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let opset = OperatorSetIdProto { domain: None, version: Some(13) };
        let model = ModelProto {
            ir_version: Some(7),
            producer_name: Some("convscope's tests".into()),
            graph: Some(self.0.clone()),
            opset_import: vec![opset],
            functions: self.1.clone(),
        };
        model.encode_to_vec()
    }
}

/// A tensor of floats.
pub(super) fn tensor(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let dims = dims.to_vec();
    let raw_data = Some(raw.into());
    TensorProto { name: Some(name.into()), dims, data_type: Some(data_type::FLOAT), raw_data, ..TensorProto::default() }
}

/// A tensor of whole numbers.
pub(super) fn whole(name: &str, dims: &[i64], values: &[i64]) -> TensorProto {
    let int64_data = values.to_vec();
    let data_type = Some(data_type::INT64);
    TensorProto { name: Some(name.into()), dims: dims.to_vec(), data_type, int64_data, ..TensorProto::default() }
}

/// A tensor of 32-bit whole numbers.
pub(super) fn whole32(name: &str, dims: &[i64], values: &[i32]) -> TensorProto {
    let int32_data = values.to_vec();
    let data_type = Some(data_type::INT32);
    TensorProto { name: Some(name.into()), dims: dims.to_vec(), data_type, int32_data, ..TensorProto::default() }
}

/// Numbers from -1 to 1 without much of a pattern.
pub(super) fn values(count: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 37 + 11) % 64) as f32 / 32.0 - 1.0).collect()
}

pub(super) fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto { name: Some(name.into()), ints: values.to_vec(), ..kind(7) }
}

pub(super) fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto { name: Some(name.into()), i: Some(value), ..kind(2) }
}

pub(super) fn float(name: &str, value: f32) -> AttributeProto {
    AttributeProto { name: Some(name.into()), f: Some(value), ..kind(1) }
}

pub(super) fn text(name: &str, value: &str) -> AttributeProto {
    AttributeProto { name: Some(name.into()), s: Some(value.as_bytes().to_vec().into()), ..kind(3) }
}

/// An attribute of `AttributeProto.AttributeType` `kind`, which other readers need.
fn kind(kind: i32) -> AttributeProto {
    AttributeProto { r#type: Some(kind), ..AttributeProto::default() }
}
