using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Operate;

/// <summary>The versions of a model: which one is in production, promote another, roll back.</summary>
public sealed partial class ModelVersions
{
    private const string Production = "production";
    private const int FirstShown = 5;

    private readonly ServiceAction _action = new();
    private int _shown = FirstShown;

    /// <summary>The model.</summary>
    [Parameter, EditorRequired]
    public ModelResource Model { get; set; } = null!;

    /// <summary>Whether the person may promote and roll back.</summary>
    [Parameter]
    public bool MayChange { get; set; }

    /// <summary>Whether the person may see and label what callers sent.</summary>
    [Parameter]
    public bool MayLabel { get; set; }

    /// <summary>Called when an alias has moved.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private IEnumerable<string> AliasesOf(int version) =>
        Model.Aliases.Where(alias => alias.Value == version).Select(alias => alias.Key).Order(StringComparer.Ordinal);

    private Task PromoteAsync(int version) =>
        ActAsync(() => Client.SetAliasAsync(Model.Name, Production, new AliasRequest { Version = version }));

    private Task ActAsync(Func<Task> act) => _action.RunAsync(async () =>
    {
        await act();
        await Changed.InvokeAsync();
    });
}
