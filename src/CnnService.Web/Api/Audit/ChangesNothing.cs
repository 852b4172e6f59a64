namespace CnnService.Web.Api.Audit;

/// <summary>Marks a route that only answers a question, though its method and scope are those of changes.</summary>
internal sealed class ChangesNothing
{
    public static ChangesNothing Instance { get; } = new();
}
