internal import CExpat

/// One element of a small XML document: what S3 answers.
///
/// Strict: a document type declaration, deep nesting and anything that is not
/// well-formed are refused, since no S3 server sends them.
final class XMLElement {
    let name: String
    private(set) var children: [XMLElement] = []
    fileprivate(set) var text: [UInt8] = []

    fileprivate init(name: String) {
        self.name = name
    }

    subscript(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    func all(_ name: String) -> [XMLElement] {
        children.filter { $0.name == name }
    }

    /// The text of the child, or `nil` when there is no such child.
    func string(_ name: String) -> String? {
        self[name].map { String(decoding: $0.text, as: UTF8.self) }
    }

    /// The root element, or `nil` when the bytes are not such a document.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> XMLElement? {
        guard let parser = XML_ParserCreate(nil) else { return nil }
        defer { XML_ParserFree(parser) }
        let builder = Builder(parser: parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        XML_SetElementHandler(
            parser,
            { context, name, _ in
                guard let name else { return }
                Builder.of(context)?.start(String(cString: name))
            },
            { context, _ in Builder.of(context)?.end() })
        XML_SetCharacterDataHandler(parser) { context, characters, count in
            guard let characters else { return }
            Builder.of(context)?.add(UnsafeRawBufferPointer(start: characters, count: Int(count)))
        }
        XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in Builder.of(context)?.refuse() }
        let isGood = withExtendedLifetime(builder) { () -> Bool in
            var rest = bytes[...]
            repeat {
                // The parser counts in Int32.
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
                rest = rest.dropFirst(piece.count)
                let status = XML_Parse(
                    parser, piece.bindMemory(to: CChar.self).baseAddress, Int32(piece.count), rest.isEmpty ? 1 : 0)
                if status != XML_STATUS_OK { return false }
            } while !rest.isEmpty
            return true
        }
        return isGood ? builder.root : nil
    }

    private final class Builder {
        private let parser: XML_Parser
        private(set) var root: XMLElement?
        private var open: [XMLElement] = []
        private static let deepest = 32

        init(parser: XML_Parser) {
            self.parser = parser
        }

        static func of(_ context: UnsafeMutableRawPointer?) -> Builder? {
            context.map { Unmanaged<Builder>.fromOpaque($0).takeUnretainedValue() }
        }

        func start(_ name: String) {
            // Elements are known by their names alone, whatever prefix the namespace has.
            let element = XMLElement(name: name.split(separator: ":").last.map(String.init) ?? name)
            if let parent = open.last { parent.children.append(element) } else { root = element }
            open.append(element)
            if open.count > Self.deepest { refuse() }
        }

        func end() { _ = open.popLast() }

        func add(_ bytes: UnsafeRawBufferPointer) { open.last?.text += bytes }

        func refuse() { XML_StopParser(parser, 0) }
    }
}
