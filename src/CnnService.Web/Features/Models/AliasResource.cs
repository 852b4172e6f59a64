using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>A request to point an alias at a version.</summary>
internal sealed record AliasRequest
{
    /// <summary>An existing version of the model.</summary>
    public required int Version { get; init; }
}

/// <summary>An alias and the version it names.</summary>
internal sealed record AliasResource(string Model, string Alias, int Version)
{
    public static AliasResource From(AliasRow row) => new(row.Model, row.Alias, row.Version);
}

/// <summary>A change of an alias.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="From">The version it named before; null if it was new.</param>
/// <param name="To">The version it named afterwards; null if it was removed.</param>
/// <param name="Reason">Why it changed.</param>
/// <param name="By">Name of an API key, <c>loopback</c> if no keys are configured, or a run or sweep.</param>
/// <param name="At">Time of the change.</param>
internal sealed record AliasMoveResource(string Alias, int? From, int? To, AliasMoveReason Reason, string By, DateTimeOffset At)
{
    public static AliasMoveResource FromRow(AliasMoveRow row) => new(row.Alias, row.From, row.To, row.Reason, row.By, row.At);
}
