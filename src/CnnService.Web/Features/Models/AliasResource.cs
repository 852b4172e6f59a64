using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>What an alias shall name.</summary>
internal sealed record AliasRequest
{
    /// <summary>A version of the model.</summary>
    public required int Version { get; init; }
}

/// <summary>An alias and what it names.</summary>
internal sealed record AliasResource(string Model, string Alias, int Version)
{
    public static AliasResource From(AliasRow row) => new(row.Model, row.Alias, row.Version);
}

/// <summary>A change of what an alias names.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="From">The version it named before; null where it was new.</param>
/// <param name="To">The version it named from then on; null where it was taken away.</param>
/// <param name="Reason">What happened.</param>
/// <param name="By">A key's name, <c>loopback</c>, or a run or sweep.</param>
/// <param name="At">When.</param>
internal sealed record AliasMoveResource(string Alias, int? From, int? To, AliasMoveReason Reason, string By, DateTimeOffset At)
{
    public static AliasMoveResource FromRow(AliasMoveRow row) => new(row.Alias, row.From, row.To, row.Reason, row.By, row.At);
}
