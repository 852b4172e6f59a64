namespace CnnService.Web.Api.Errors;

/// <summary>A problem in the format of the Open Inference Protocol.</summary>
/// <param name="Error">What is wrong, in a sentence.</param>
internal sealed record InferenceError(string Error);
