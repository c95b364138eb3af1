//! Making something smaller as long as it stays what it is (delta debugging).

/// Leaves out as many of `items` as `holds` allows, in runs that become shorter; `holds` is asked with
/// what is left. Stops where `holds` was asked `budget` times.
pub(crate) fn fewest<T: Clone>(
    items: &[T],
    budget: &mut usize,
    mut holds: impl FnMut(&[T]) -> bool,
) -> Vec<T> {
    let mut left = items.to_vec();
    let mut run = left.len();
    while run > 0 && !left.is_empty() {
        let mut at = 0;
        let mut smaller = false;
        while at < left.len() && *budget > 0 {
            let end = (at + run).min(left.len());
            let without: Vec<T> = left[..at].iter().chain(&left[end..]).cloned().collect();
            *budget -= 1;
            if holds(&without) {
                left = without;
                smaller = true;
            } else {
                at = end;
            }
        }
        if *budget == 0 {
            break;
        }
        // What could not go before may go now that others are gone.
        if run > 1 || !smaller {
            run /= 2;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_left() {
        let items: Vec<u32> = (0..200).collect();
        let needed = [3, 77, 78, 199];
        let mut budget = 10_000;
        let left = fewest(&items, &mut budget, |left| needed.iter().all(|n| left.contains(n)));
        assert_eq!(left, needed);
        assert!(10_000 - budget < 200, "{} times asked", 10_000 - budget);
        assert_eq!(fewest(&items, &mut 1000, |_| true), [0u32; 0]);
        let mut budget = 2;
        assert_eq!(fewest(&items, &mut budget, |left| left.contains(&150)).len(), 100);
        assert_eq!(budget, 0);
    }
}
