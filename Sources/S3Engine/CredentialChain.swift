internal import Glibc
internal import StoredRecords

/// Finds credentials, region and endpoint where Amazon's own tools look:
/// first the environment, then the profile in the shared files.
///
/// A profile named in the location comes before the credentials of the
/// environment, as it does with `--profile` of the AWS CLI.
struct CredentialChain: Sendable {
    /// What the places give for one profile.
    struct Found: Sendable {
        var credentials: S3Credentials?
        var region: String?
        var endpoint: String?
        var usesPathStyle: Bool?
        var certificates: String?
    }

    let profile: String?
    /// The value of an environment variable.
    let variable: @Sendable (String) -> String?

    static let processEnvironment: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    /// Reads the files anew at each call.
    ///
    /// - Parameter needsCredentials: Whether it matters that there are some.
    ///
    /// Throws when one cannot be read, or
    /// a profile that was named is in neither.
    func find(_ operation: String, place: String, needsCredentials: Bool) throws(StorageError) -> Found {
        func wrong(_ kind: StorageError.Kind, _ reason: String, _ help: String) -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help)
        }
        let home = value("HOME") ?? ""
        let credentialsPath = value("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials"
        let configPath = value("AWS_CONFIG_FILE") ?? home + "/.aws/config"
        var settings: [String: String] = [:]
        let name = profile ?? value("AWS_PROFILE") ?? "default"
        var isNamed = false
        for (path, sections) in [(configPath, ["profile \(name)", name]), (credentialsPath, [name])] {
            switch SharedFile.read(path) {
            case .success(let file):
                // A section of the config file without "profile " is the default's only.
                for section in sections where section.hasPrefix("profile ") || name == "default" || path != configPath {
                    guard let values = file?.sections[section] else { continue }
                    isNamed = true
                    settings.merge(values) { _, later in later }
                }
            case .failure(let failure):
                throw wrong(.denied, "\(path) cannot be read (\(failure.reason))", "check its owner and mode")
            }
        }
        if !isNamed, profile != nil || value("AWS_PROFILE") != nil {
            throw wrong(
                .notFound, "there is no profile \"\(name)\" in \(credentialsPath) or \(configPath)",
                "check the name of the profile")
        }
        var found = Found()
        found.region = value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? settings["region"]
        found.endpoint = value("AWS_ENDPOINT_URL_S3") ?? value("AWS_ENDPOINT_URL") ?? settings["endpoint_url"]
        switch settings["s3.addressing_style"] {
        case "path": found.usesPathStyle = true
        case "virtual": found.usesPathStyle = false
        default: break
        }
        found.certificates = value("AWS_CA_BUNDLE") ?? settings["ca_bundle"]
        guard needsCredentials else { return found }
        found.credentials = try credentials(settings, isProfileNamed: profile != nil, name: name, wrong)
        return found
    }

    private func credentials(
        _ settings: [String: String], isProfileNamed: Bool, name: String,
        _ wrong: (StorageError.Kind, String, String) -> StorageError
    ) throws(StorageError) -> S3Credentials? {
        if !isProfileNamed, let keyID = value("AWS_ACCESS_KEY_ID") {
            guard let secret = value("AWS_SECRET_ACCESS_KEY") else {
                throw wrong(.denied, "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY", "set both")
            }
            return S3Credentials(keyID: keyID, secret: secret, sessionToken: value("AWS_SESSION_TOKEN"))
        }
        if let keyID = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] {
            return S3Credentials(keyID: keyID, secret: secret, sessionToken: settings["aws_session_token"])
        }
        for way in ["role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file"]
        where settings[way] != nil {
            throw wrong(
                .unsupported, "the profile \"\(name)\" gets its credentials by \(way), which is not supported",
                "export them first: eval \"$(aws configure export-credentials --format env)\"")
        }
        return nil
    }

    /// An empty variable counts as none, as with Amazon's tools.
    private func value(_ name: String) -> String? {
        variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}
