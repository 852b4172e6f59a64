using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Operate.Watch;

/// <summary>How a model's aliases moved, the newest first.</summary>
public sealed partial class AliasMoves : IDisposable
{
    private const int Shown = 20;

    private readonly Asked<PageOfAliasMoveResource> _moves;

    public AliasMoves() => _moves = new(StateHasChanged);

    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public string Model { get; set; } = string.Empty;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _moves.Dispose();

    private static string Says(AliasMoveResource move)
    {
        var how = move.Reason switch
        {
            AliasMoveReason.RolledBack => "rolled back",
            AliasMoveReason.Removed => "taken away",
            AliasMoveReason.Published => "published by its run",
            AliasMoveReason.VersionDeleted => "its version was deleted",
            AliasMoveReason.BestOfSweep => "the best of a sweep",
            _ => "promoted",
        };
        return (move.From, move.To) switch
        {
            ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"from version {from} to {to}, {how}"),
            (_, { } to) => string.Create(CultureInfo.InvariantCulture, $"version {to}, {how}"),
            ({ } from, _) => string.Create(CultureInfo.InvariantCulture, $"no longer version {from}, {how}"),
            _ => how,
        };
    }

    private Task LoadAsync() => _moves.AskAsync(
        cancel => Client.ListAliasMovesAsync(Model, limit: Shown, cancellationToken: cancel), keeps: true);
}
