using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>An image, large: relabelled by a digit, removed by Delete, left by Escape.</summary>
public sealed partial class ImageViewer
{
    private ElementReference _frame;
    private Exception? _failure;
    private bool _isChanging;
    private bool _mayTrain;

    /// <summary>The image.</summary>
    [Parameter, EditorRequired]
    public ImageResource Image { get; set; } = null!;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>Of the data set, in their order.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>Whether an image of the data set has any number of labels.</summary>
    [Parameter]
    public bool IsMultiLabel { get; set; }

    /// <summary>Whether the image comes with its labels: what a map or a report tells of it has them as one text.</summary>
    [Parameter]
    public bool KnowsLabels { get; set; } = true;

    /// <summary>A class that a network would give it, taken by Y and left by N; null: none.</summary>
    [Parameter]
    public string? Suggested { get; set; }

    /// <summary>What speaks for <see cref="Suggested"/>, in a sentence.</summary>
    [Parameter]
    public string? Evidence { get; set; }

    /// <summary>Called when the person keeps the class against <see cref="Suggested"/>.</summary>
    [Parameter]
    public EventCallback Kept { get; set; }

    /// <summary>Called when the person closes it.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    /// <summary>Called when the image was relabelled or removed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal Rights Rights { get; set; } = null!;

    private bool MayRelabel => _mayTrain && (!IsMultiLabel || KnowsLabels);

    private string SplitWords => Image.Split switch
    {
        Split.Train => "to train on",
        Split.Validation => "to check with",
        _ => "to test with",
    };

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _frame.FocusAsync();
            await TryAsync(async () => _mayTrain = await Rights.MayTrainAsync(CancellationToken.None));
            StateHasChanged();
        }
    }

    private Task PressedAsync(KeyboardEventArgs pressed) => pressed.Key switch
    {
        "Escape" => Closed.InvokeAsync(),
        "Delete" when _mayTrain => RemoveAsync(),
        "y" or "Y" when _mayTrain && Suggested is not null => RelabelAsync(Suggested),
        "n" or "N" when _mayTrain && Suggested is not null => Kept.InvokeAsync(),
        [>= '1' and <= '9' and var digit] when digit - '1' < Classes.Count && MayRelabel => RelabelAsync(Classes[digit - '1']),
        _ => Task.CompletedTask,
    };

    private bool Has(string name) => IsMultiLabel ? KnowsLabels && Image.Labels.Contains(name) : name == Image.Class;

    /// <summary>Gives it this class; where it may have several, takes it or gives it.</summary>
    private Task RelabelAsync(string name) => IsMultiLabel ? ChangeAsync(() => Client.RelabelDatasetImageAsync(
            Dataset, Image.Id, new RelabelRequest
            {
                Labels = Has(name) ? [.. Image.Labels.Where(other => other != name)] : [.. Image.Labels, name],
            }))
        : name == Image.Class ? Closed.InvokeAsync() : ChangeAsync(
        () => Client.RelabelDatasetImageAsync(Dataset, Image.Id, new RelabelRequest { Class = name }));

    private Task RemoveAsync() => ChangeAsync(() => Client.RemoveDatasetImageAsync(Dataset, Image.Id));

    private async Task ChangeAsync(Func<Task> change)
    {
        if (_isChanging)
        {
            return;
        }

        _isChanging = true;
        if (await TryAsync(change))
        {
            await Changed.InvokeAsync();
        }

        _isChanging = false;
    }

    private async Task<bool> TryAsync(Func<Task> act)
    {
        _failure = null;
        try
        {
            await act();
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }

        return _failure is null;
    }
}
