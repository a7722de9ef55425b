public import TerminalSurface

/// How a screen of some size is divided; model and view agree on it here.
public struct ScreenLayout: Sendable, Equatable {
    public static let smallestWidth = 20
    public static let smallestHeight = 4

    /// Columns in which a list shows titles and its usual columns, and those a preview has at least, alone beside
    /// the list and as the third.
    private static let usualList = 85
    private static let leastPreview = 34
    private static let leastThird = 36

    public let size: GridSize
    /// Lines at the end of the body that are not for the content.
    public internal(set) var footerLines = 0
    /// Lines between the body and the last line, for the first keys.
    public internal(set) var tourLines = 0

    public init(_ size: GridSize) {
        self.size = size
    }

    /// Whether there is room for one sentence only.
    public var isTooSmall: Bool { size.width < Self.smallestWidth || size.height < Self.smallestHeight }
    /// The first line: where one is.
    public var breadcrumbs: Rect { Rect(row: 0, column: 0, width: size.width, height: 1) }
    /// The last line: status on the left, keys on the right.
    public var bottom: Rect { Rect(row: size.height - 1, column: 0, width: size.width, height: 1) }
    /// Everything between.
    public var body: Rect { Rect(row: 1, column: 0, width: size.width, height: size.height - 2 - tourLines) }
    /// Where the first keys are, while they are shown.
    public var tour: Rect? {
        tourLines > 0 ? Rect(row: body.endRow, column: 0, width: size.width, height: tourLines) : nil
    }

    public var hasSourcesColumn: Bool { size.width >= 150 }
    public var hasPreview: Bool { size.width >= 100 }

    /// The column of sources beside the records, on wide screens.
    public var sources: Rect? {
        guard hasSourcesColumn else { return nil }
        return Rect(row: body.row, column: 0, width: 30, height: body.height)
    }

    /// The list of records, its heading included.
    public var records: Rect {
        let left = hasSourcesColumn ? 31 : 0
        let right = preview.map { $0.column - 1 } ?? size.width
        return Rect(row: body.row, column: left, width: right - left, height: body.height)
    }

    public var preview: Rect? {
        guard hasPreview else { return nil }
        let left = hasSourcesColumn ? 31 : 0
        // What is read by its columns comes first: beside it the preview has what they leave, and no less
        // than prose can be read in.
        let shared = size.width - left
        let (share, least) = hasSourcesColumn ? (40, Self.leastThird) : (42, Self.leastPreview)
        let width = max(least, min(shared * share / 100, shared - Self.usualList))
        return Rect(row: body.row, column: size.width - width, width: width, height: body.height)
    }

    /// Whether a dialog stands in a box; on small screens it takes all of the body.
    public var boxesDialogs: Bool { body.height >= 10 && body.width >= 40 }
    public var dialogWidth: Int { boxesDialogs ? min(72, body.width - 4) : body.width }
    /// Columns of text in a dialog.
    public var dialogTextWidth: Int { max(1, dialogWidth - (boxesDialogs ? 4 : 2)) }

    /// Lines of the list that show records; the heading takes one where there is room for it.
    public var recordLines: Int { max(1, body.height - headingLines) }
    public var headingLines: Int { body.height >= 4 ? 1 : 0 }
    /// Lines of a screen that shows one thing.
    public var contentLines: Int { max(1, body.height - footerLines) }
    /// Columns of text on such a screen; the first two are the gutter of the cursor.
    public var contentWidth: Int { max(1, size.width - 2) }
    /// Columns of text in the preview, its gutter left out.
    public var previewWidth: Int { max(1, (preview?.width ?? 2) - 2) }
}
