import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// What a list shows of a record is what a plan tells of it, so that whoever
/// compares the two sees whether the record was written in between.
@Suite(.usesPostgres) struct ListedFactsTests {
    private let kept = KeptPlaces()

    @Test(arguments: MemexPlace.Kind.allCases)
    func `threads in tables`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        #expect(try await layout.all(.thread).count == 14)
        #expect(try await layout.plansUnlikeTheList() == [])
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `conversations, artifacts and tasks in objects`(_ kind: ObjectPlace.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let layout = try #require(try await LayoutDetection.detect(.objects(store.engine), .test()).first)
        #expect(try await layout.all(.thread).count > 4)
        #expect(try await layout.plansUnlikeTheList() == [])
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `indexes in objects`(_ kind: ObjectPlace.Kind) async throws {
        let place = try await ObjectPlace(kind, try ConnectorsFixture.objects())
        kept.keep(place)
        let layout = try #require(try await LayoutDetection.detect(.objects(place.engine), .test()).first)
        #expect(try await layout.all(.index).count == 5)
        #expect(try await layout.plansUnlikeTheList() == [])
    }
}

extension RecordLayout {
    /// The records of which a plan tells another number of messages or another time than the list does.
    func plansUnlikeTheList() async throws -> [RecordID] {
        var unlike: [RecordID] = []
        for kind in kinds where kind != .raw {
            for record in try await all(kind) {
                let target = try await plan(.delete(.record), kind, record.id.key).target
                let isSameNumber = record.messages == nil || record.messages == target.messages
                let isSameTime = record.updated == nil || record.updated == target.updated
                if !isSameNumber || !isSameTime { unlike.append(record.id) }
            }
        }
        return unlike
    }
}
