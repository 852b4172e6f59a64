using CnnService.Studio.Browser;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CnnService.Studio.Parts;

/// <summary>Takes files and folders: dropped, pasted, or chosen with a button.</summary>
public sealed partial class DropZone : IAsyncDisposable
{
    private ElementReference _zone;
    private IAsyncDisposable? _attachment;
    private int _walked;

    /// <summary>What belongs here: "Drop a folder of images".</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>Receives what was dropped, and owns it: it disposes it when it is no longer needed.</summary>
    [Parameter, EditorRequired]
    public EventCallback<DroppedFiles> Dropped { get; set; }

    /// <summary>Whether folders can be chosen; dropped ones are walked in any case.</summary>
    [Parameter]
    public bool TakesFolders { get; set; }

    /// <summary>Whether several files can be chosen at once.</summary>
    [Parameter]
    public bool TakesMany { get; set; }

    /// <summary>Whether pasted images are taken too.</summary>
    [Parameter]
    public bool TakesPaste { get; set; }

    /// <summary>Kinds of files that the dialog offers: <c>image/*</c>.</summary>
    [Parameter]
    public string? Accept { get; set; }

    /// <summary>The button that chooses files.</summary>
    [Parameter]
    public string FileButton { get; set; } = "Choose a file";

    /// <summary>An icon of the component library.</summary>
    [Parameter]
    public string Icon { get; set; } = Icons.Material.Outlined.AddPhotoAlternate;

    /// <summary>A line instead of a field.</summary>
    [Parameter]
    public bool IsCompact { get; set; }

    /// <summary>Classes of style.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>A sentence below the title.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Further buttons.</summary>
    [Parameter]
    public RenderFragment? More { get; set; }

    [Inject]
    internal Dropping Dropping { get; set; } = null!;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_attachment is not null)
        {
            await _attachment.DisposeAsync();
        }
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _attachment = await Dropping.AttachAsync(_zone, TakesPaste, TakeAsync, WalkAsync);
        }
    }

    private Task TakeAsync(DroppedFiles files) => InvokeAsync(async () =>
    {
        _walked = 0;
        await Dropped.InvokeAsync(files);
        StateHasChanged();
    });

    private Task WalkAsync(int count) => InvokeAsync(() =>
    {
        _walked = count;
        StateHasChanged();
    });
}
