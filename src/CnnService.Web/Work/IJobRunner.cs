namespace CnnService.Web.Work;

/// <summary>Runs the jobs of one kind of work.</summary>
internal interface IJobRunner
{
    /// <summary>Enqueues jobs for all waiting work of this kind.</summary>
    Task EnqueueWaitingAsync(CancellationToken cancel);
}

/// <inheritdoc cref="IJobRunner"/>
internal interface IJobRunner<TKind> : IJobRunner
    where TKind : IWorkKind
{
    /// <summary>Carries out the work with this id, unless another worker holds it or nothing is left to be done.</summary>
    Task RunAsync(string id, CancellationToken shutdown);
}
