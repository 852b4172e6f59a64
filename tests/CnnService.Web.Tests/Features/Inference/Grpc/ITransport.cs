namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>A form in which inference requests travel.</summary>
internal interface ITransport
{
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Null: the newest.</param>
    /// <param name="sent">What is asked.</param>
    Task<Got> InferAsync(string model, string? version, Sent sent);
}
