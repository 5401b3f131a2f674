//! Places of a row-major tensor's numbers in their output channels.

/// Place of one number: its channel, and how many numbers of that channel come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) channel: usize,
    pub(super) position: usize,
}

/// The places one after the other, without end; counted up, since two divisions a number would take longer than all else.
#[derive(Clone, Debug)]
pub(super) struct Places {
    channels: usize,
    /// Numbers of a channel that lie side by side.
    run: usize,
    inner: usize,
    channel: usize,
    /// The position of the run's first number.
    before: usize,
}

impl Places {
    /// The places from flat index `from` on, of a tensor whose channels lie along `axis`.
    pub(super) fn new(shape: &[usize], axis: usize, from: usize) -> Self {
        let (channels, run) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
        Self { channels, run, inner: from % run, channel: from / run % channels, before: from / run / channels * run }
    }
}

impl Iterator for Places {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let place = Place { channel: self.channel, position: self.before + self.inner };
        self.inner += 1;
        if self.inner == self.run {
            self.inner = 0;
            self.channel += 1;
            if self.channel == self.channels {
                self.channel = 0;
                self.before += self.run;
            }
        }
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_definition() {
        for (shape, axis) in [(vec![2, 3, 4], 0), (vec![2, 3, 4], 1), (vec![2, 3, 4], 2), (vec![5, 2], 1), (vec![7], 0)]
        {
            let count: usize = shape.iter().product();
            let (channels, run) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
            let mut seen = vec![0; channels];
            let expected: Vec<Place> = (0..count)
                .map(|index| {
                    let channel = index / run % channels;
                    seen[channel] += 1;
                    Place { channel, position: seen[channel] - 1 }
                })
                .collect();
            for from in 0..count {
                let actual: Vec<Place> = Places::new(&shape, axis, from).take(count - from).collect();
                assert_eq!(actual, expected[from..], "{shape:?} {axis} {from}");
            }
        }
    }
}
