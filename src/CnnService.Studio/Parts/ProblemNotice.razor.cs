using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>What went wrong, in the service's sentence, and what to do about it. Shows nothing where nothing did.</summary>
public sealed partial class ProblemNotice
{
    /// <summary>What was thrown; null: nothing went wrong.</summary>
    [Parameter]
    public Exception? Failure { get; set; }

    /// <summary>A sentence of a failure that the service tells in an answer, such as a run's; used where nothing was thrown.</summary>
    [Parameter]
    public string? Sentence { get; set; }

    /// <summary>What to do about <see cref="Sentence"/>.</summary>
    [Parameter]
    public string? Advice { get; set; }

    /// <summary>Leaves out the rules that fields break, where the page shows them at the fields.</summary>
    [Parameter]
    public bool HidesErrors { get; set; }

    /// <summary>Does it again; without it there is no such button.</summary>
    [Parameter]
    public EventCallback Again { get; set; }

    private ProblemText? Shown => Failure is not null ? ProblemText.From(Failure)
        : Sentence is not null ? new ProblemText(Sentence, Advice, new Dictionary<string, IReadOnlyList<string>>(), null)
        : null;
}
