public import EngineCore
public import StoredLayouts

/// A source as it was named, configured or found; nothing is opened yet.
public struct SourceSpec: Sendable, Hashable {
    public enum Origin: String, Sendable, Hashable {
        case named, configured, found
    }

    /// Unique among the sources of a library.
    public var name: String
    public var location: StoreLocation
    public var origin: Origin
    public var engineOptions: EngineOptions
    public var layoutOptions: LayoutOptions
    /// A subdirectory or key prefix below the location that holds the store; may be empty.
    public var prefix: String

    public init(
        name: String, location: StoreLocation, origin: Origin = .named, engineOptions: EngineOptions = EngineOptions(),
        layoutOptions: LayoutOptions = LayoutOptions(), prefix: String = ""
    ) {
        self.name = name
        self.location = location
        self.origin = origin
        self.engineOptions = engineOptions
        self.layoutOptions = layoutOptions
        self.prefix = prefix
    }

    /// Whether it is to be opened for reading only.
    public var isReadOnly: Bool { engineOptions.readOnly }

    /// The layout options with the prefix before every key they name, and in the form the tool has at such a place.
    var placedLayoutOptions: LayoutOptions {
        var options = layoutOptions
        options.threadKeyPrefix = prefix + options.threadKeyPrefix
        options.threadSetKey = prefix + options.threadSetKey
        options.indexKeyPrefix = prefix + options.indexKeyPrefix
        // The tool's own store in a bucket has no directory above the keys.
        if case .server = location { options.indexForm = .flat }
        return options
    }

    /// Where it is, for people; never a password.
    public var displayLocation: String { location.display }
}
