using System.Net;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Operate.Watch;

/// <summary>A candidate that answers beside the version that serves, unseen by callers.</summary>
public sealed partial class ShadowWatch : IDisposable
{
    private const int MostOffered = 5;

    private const int MostPairs = 8;

    private readonly ServiceAction _action = new();
    private readonly Asked<Shadowed> _state;

    public ShadowWatch() => _state = new(StateHasChanged);

    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public ModelResource Model { get; set; } = null!;

    /// <summary>Whether the person may begin and end it.</summary>
    [Parameter]
    public bool MayChange { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    /// <summary>What callers who name no version get: it cannot be its own candidate.</summary>
    private int Served => Model.Aliases.TryGetValue("production", out var production)
        ? production : Model.Versions.Max(version => version.Version);

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();

    private Task LoadAsync() => _state.AskAsync(
        async cancel =>
        {
            try
            {
                return new Shadowed(await Client.GetShadowAsync(Model.Name, cancel));
            }
            catch (CnnServiceException none) when (none.StatusCode == (int)HttpStatusCode.NotFound)
            {
                return new Shadowed(null);
            }
        },
        keeps: true);

    private Task StartAsync(int version) => ActAsync(
        () => Client.SetShadowAsync(Model.Name, new ShadowRequest { Alias = null!, Version = version })); // One of both is sent.

    private Task EndAsync() => ActAsync(() => Client.EndShadowAsync(Model.Name));

    private Task ActAsync(Func<Task> act) => _action.RunAsync(async () =>
    {
        await act();
        await LoadAsync();
    });

    /// <param name="Shadow">Null: there is none.</param>
    private sealed record Shadowed(ShadowResource? Shadow);
}
