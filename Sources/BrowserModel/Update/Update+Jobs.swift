internal import StoredRecords

/// The screen of the work under way.
extension BrowserState {
    mutating func openJobs() {
        if case .jobs = top { return }
        push(.jobs(JobsScreen(id: newScreenID(), selected: listedJobs.first)))
    }

    mutating func runInJobs(_ command: Command) {
        guard case .jobs(var screen) = top else { return }
        let all = listedJobs
        let at = cursor(of: screen)
        if command == .stopJob {
            guard let job = jobs.first(where: { $0.id == all[at] }) else { return tell(.info, "this job has ended") }
            return stop(job)
        }
        guard let step = step(of: command, height: layout.contentLines), !all.isEmpty else { return }
        let target = step > all.count ? all.count - 1 : max(0, min(all.count - 1, at + max(step, -all.count)))
        screen.selected = all[target]
        screens[screens.count - 1] = .jobs(screen)
    }

    /// Remembers what came of a job.
    mutating func finish(_ job: InFlight, _ answer: Answer?) {
        switch answer {
        case .failed(let error)?:
            finishedJobs.add(job, error.kind == .cancelled ? .cancelled : .failed(error.reason), now: now)
        case nil: finishedJobs.add(job, .cancelled, now: now)
        default: finishedJobs.add(job, .done, now: now)
        }
    }
}
