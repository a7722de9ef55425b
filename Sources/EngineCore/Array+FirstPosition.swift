extension Array {
    /// The first position whose element satisfies the test, in an array where
    /// none that does comes before one that does not.
    package func firstPosition(where test: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if test(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
