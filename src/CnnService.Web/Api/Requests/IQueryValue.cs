namespace CnnService.Web.Api.Requests;

/// <summary>A value of a query that is more than a word or a number, read once.</summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
internal interface IQueryValue<TSelf> : IParsable<TSelf>
    where TSelf : IQueryValue<TSelf>
{
    /// <summary>What may be written: "must be a or b".</summary>
    static abstract string Rule { get; }
}
