namespace CnnService.Web.Work;

/// <summary>Runs the jobs of one kind of work.</summary>
internal interface IJobRunner
{
    /// <summary>Enqueues jobs for all waiting work of this kind that this worker can take.</summary>
    Task EnqueueWaitingAsync(CancellationToken cancel);

    /// <summary>Ids of that work.</summary>
    Task<IReadOnlyList<string>> FindWaitingAsync(CancellationToken cancel);

    /// <summary>Enqueues a job for one piece of it; false if the job storage is unavailable.</summary>
    bool Enqueue(string id);
}

/// <inheritdoc cref="IJobRunner"/>
internal interface IJobRunner<TKind> : IJobRunner
    where TKind : IWorkKind
{
    /// <summary>
    /// Carries out the work with this id, unless another worker holds it, this one lacks what it requires, or nothing is left to be done.
    /// </summary>
    Task RunAsync(string id, CancellationToken shutdown);
}
