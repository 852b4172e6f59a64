namespace CnnService.Web.Api.Requests;

/// <summary>A query value with a syntax of its own, parsed once.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IQueryValue<TSelf> : IParsable<TSelf>
    where TSelf : IQueryValue<TSelf>
{
    /// <summary>The accepted syntax as the end of a sentence, such as "must be a or b".</summary>
    static abstract string Rule { get; }
}
