namespace CnnService.Client;

/// <summary>An answer that is no success, with its body.</summary>
/// <typeparam name="TResult">What the API declares the body to be.</typeparam>
/// <param name="message">What happened, where the service tells no problem.</param>
/// <param name="statusCode">The HTTP status.</param>
/// <param name="response">The body, where it was read as text.</param>
/// <param name="headers">Those of the answer and of its body.</param>
/// <param name="result">The body.</param>
/// <param name="innerException">Why the answer could not be read; null if it could.</param>
public sealed class CnnServiceException<TResult>(
    string message, int statusCode, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers, TResult result,
    Exception? innerException)
    : CnnServiceException(message, statusCode, ProblemOf(result), headers, innerException)
{
    /// <summary>The body.</summary>
    public TResult Result { get; } = result;

    /// <summary>The body as text, where it was read as such.</summary>
    public string? Text { get; } = response;

    /// <summary>Routes of the Open Inference Protocol tell a sentence only.</summary>
    private static ProblemDetails? ProblemOf(TResult result) => result switch
    {
        ProblemDetails problem => problem,
        InferenceError told => new ProblemDetails { Detail = told.Error },
        _ => null,
    };
}
