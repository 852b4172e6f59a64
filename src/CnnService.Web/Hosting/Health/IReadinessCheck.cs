namespace CnnService.Web.Hosting.Health;

/// <summary>One thing the service needs to do its work.</summary>
internal interface IReadinessCheck
{
    string Name { get; }

    /// <summary>What is wrong, as a sentence without secrets or paths; null where all is well.</summary>
    Task<string?> FaultAsync(CancellationToken cancel);
}
