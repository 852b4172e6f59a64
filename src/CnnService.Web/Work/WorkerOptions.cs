using System.ComponentModel.DataAnnotations;
using CnnService.Core.Training;

namespace CnnService.Web.Work;

/// <summary>Settings of this process as a worker.</summary>
internal sealed class WorkerOptions : IValidatableObject
{
    public const string Section = "Worker";

    /// <summary>
    /// What this worker has, beside <c>gpu</c> where its tensor library finds one and <c>memory</c>, the bytes it may use: runs whose
    /// <c>requires</c> names more than that are left to others. Default: nothing more.
    /// </summary>
    public IList<string> Labels { get; set; } = [];

    /// <summary>Whether it takes one piece of work and ends, or ends at once if none waits that it can take. Default: no.</summary>
    public bool Once { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Labels
        .Where(label => WorkerLabel.Parse(label) is null)
        .Select(label => new ValidationResult($"An element of Worker:Labels {WorkerLabel.Rule}, received '{label}'."));
}
