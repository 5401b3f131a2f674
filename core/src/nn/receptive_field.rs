//! Receptive fields: the pixels that a cell of a feature map sees (Araujo, Norris and Sim 2019, <https://distill.pub/2019/computing-receptive-fields>).

use super::{Graph, NodeId, Reach, Role};

/// Pixels that the cells of a layer see, along each axis: those of cell `at` begin at `stride * at - before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    reach: Reach,
    /// Height and width of the input.
    input: [usize; 2],
}

impl ReceptiveField {
    /// The pixels `[first, behind the last]` along each axis that the cell in this row and column sees, as far as there are such.
    pub fn of(&self, cell: [usize; 2]) -> [[usize; 2]; 2] {
        [0, 1].map(|axis| {
            let first = (self.reach.stride[axis] * cell[axis]) as isize - self.reach.before[axis];
            let pixel = |at: isize| at.clamp(0, self.input[axis] as isize) as usize;
            [pixel(first), pixel(first + self.reach.size[axis] as isize)]
        })
    }

    /// Pixels along each axis that a cell in the middle of a large image sees.
    pub fn size(&self) -> [usize; 2] {
        self.reach.size
    }
}

impl Reach {
    /// What is seen through this of what `inner` sees.
    fn through(self, inner: Self) -> Self {
        let each = |of: &dyn Fn(usize) -> usize| [of(0), of(1)];
        Self {
            size: each(&|axis| inner.stride[axis] * (self.size[axis] - 1) + inner.size[axis]),
            stride: each(&|axis| self.stride[axis] * inner.stride[axis]),
            before: [0, 1].map(|axis| self.before[axis] * inner.stride[axis] as isize + inner.before[axis]),
        }
    }

    /// What is seen by any of two; none where their cells are not the same pixels apart.
    fn or(self, other: Self) -> Option<Self> {
        let axis = |axis: usize| {
            let before = self.before[axis].max(other.before[axis]);
            let behind = |one: &Self| one.size[axis] as isize - one.before[axis];
            (before, (behind(&self).max(behind(&other)) + before) as usize)
        };
        let ([first, second], same) = ([axis(0), axis(1)], self.stride == other.stride);
        same.then_some(Self { before: [first.0, second.0], size: [first.1, second.1], ..self })
    }
}

impl Graph {
    /// The receptive field of a layer; none where a cell sees the whole image, or cells see differently much. What weakens a signal
    /// (squeeze and excitation) counts for nothing, since it makes nothing be seen.
    pub fn receptive_field(&self, layer: NodeId) -> Option<ReceptiveField> {
        // Of each node before the layer, what of its output the layer's cells see.
        let mut seen: Vec<Option<Reach>> = vec![None; layer + 1];
        let mut of_input = None;
        seen[layer] = Some(Reach::SAME);
        for id in (0..=layer).rev() {
            let Some(own) = seen[id] else { continue };
            let node = &self.nodes()[id];
            let parameters: Vec<Vec<usize>> = node
                .op
                .parameters()
                .iter()
                .filter_map(|name| self.parameter_shape(name))
                .map(<[usize]>::to_vec)
                .collect();
            let inner = own.through(node.op.reach(&parameters)?);
            let signals = if node.op.role() == Role::Gate { 1 } else { usize::MAX };
            for input in self.inputs(id).iter().take(signals) {
                let place = match input {
                    Some(input) => &mut seen[*input],
                    None => &mut of_input,
                };
                *place = Some(match *place {
                    Some(other) => inner.or(other)?,
                    None => inner,
                });
            }
        }
        let [_, height, width] = self.shape_of(None);
        of_input.map(|reach| ReceptiveField { reach, input: [height, width] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Manifest;

    fn graph(model: &str) -> Graph {
        let path = format!("{}/../{model}/model.json", env!("CARGO_MANIFEST_DIR"));
        Manifest::parse(&std::fs::read(path).expect("a model")).expect("a manifest").graph().expect("a graph")
    }

    #[test]
    fn fields_of_squeezenet_are_counted_by_hand() {
        let graph = graph("models/squeezenet1_1");
        let field = |name: &str| graph.receptive_field(graph.id(name).expect("a layer")).expect("a field");
        // 3 x 3 at every second pixel, without padding; then a pool of 3 x 3 at every second cell.
        assert_eq!((field("conv1").size(), field("pool1").size()), ([3, 3], [7, 7]));
        assert_eq!(field("conv1").of([0, 5]), [[0, 3], [10, 13]]);
        // The widest branch of a fire module counts: 3 x 3 cells, four pixels apart, one of them before the first.
        assert_eq!(field("fire2/concat").size(), [15, 15]);
        assert_eq!(field("fire2/concat").of([0, 1]), [[0, 11], [0, 15]]);
        assert_eq!(field("fire2/concat").of([54, 2]), [[212, 224], [4, 19]], "no further than the image");
        let last = graph.id("pool10").expect("a layer");
        assert_eq!(graph.receptive_field(last), None);
    }
}
