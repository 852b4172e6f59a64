using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Hosting;

/// <summary>The format of the console log. Levels are set in .NET's own <c>Logging:LogLevel</c>.</summary>
internal sealed class LogOptions : IValidatableObject
{
    public const string Section = "Logging";

    public const string Text = "text";

    public const string Json = "json";

    /// <summary><c>text</c> (default) for people; <c>json</c>: one object per line, with UTC time and scopes.</summary>
    public string Format { get; set; } = Text;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Format is Text or Json
        ? []
        : [new ValidationResult($"{Section}:{nameof(Format)} knows '{Text}' and '{Json}', received '{Format}'.")];
}
