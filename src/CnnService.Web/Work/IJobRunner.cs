namespace CnnService.Web.Work;

/// <summary>Carries out the jobs of one kind.</summary>
internal interface IJobRunner
{
    /// <summary>Enqueues jobs for what waits.</summary>
    Task RemindAsync(CancellationToken cancel);
}

/// <inheritdoc cref="IJobRunner"/>
internal interface IJobRunner<TKind> : IJobRunner
    where TKind : IWorkKind
{
    /// <summary>Does the work that the id names, where nobody does it and it is to be done.</summary>
    Task RunAsync(string id, CancellationToken shutdown);
}
