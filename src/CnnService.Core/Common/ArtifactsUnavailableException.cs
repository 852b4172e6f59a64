namespace CnnService.Core.Common;

/// <summary>The store of files does not answer, refuses, or does not hold what it should; trying again may succeed.</summary>
public sealed class ArtifactsUnavailableException : IOException, IUnavailable
{
    /// <param name="message">One sentence, for operators and clients.</param>
    /// <param name="inner">What the store's client said.</param>
    public ArtifactsUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public string Code => "artifacts.unavailable";
}
