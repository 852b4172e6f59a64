namespace CnnService.Core.Classification;

/// <summary>The runs of served models. Thread safe.</summary>
public interface IServingRuns
{
    /// <summary>Versions opened anew because a run of theirs did not end; each keeps a thread and the memory of a session.</summary>
    int LeftBehind { get; }
}
