using System.CommandLine;
using System.CommandLine.Parsing;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>Options that take one of several names: typed, told in help and completed by the names that the API uses.</summary>
internal static class WireOption
{
    /// <param name="name">The option.</param>
    /// <param name="description">What it decides; the names are added.</param>
    public static Option<TEnum?> Create<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var option = new Option<TEnum?>(name)
        {
            Description = $"{description}: {WireName.Choice(Enum.GetValues<TEnum>())}.",
            HelpName = name.TrimStart('-'),
            CustomParser = Parse<TEnum>,
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(WireName.All<TEnum>().ToArray());
        return option;
    }

    private static TEnum? Parse<TEnum>(ArgumentResult received)
        where TEnum : struct, Enum
    {
        var text = received.Tokens.Count > 0 ? received.Tokens[^1].Value : string.Empty;
        if (WireName.Find<TEnum>(text) is { } found)
        {
            return found;
        }

        var option = (received.Parent as OptionResult)?.Option.Name;
        received.AddError($"{option} must be {WireName.Choice(Enum.GetValues<TEnum>())}, received \"{ReceivedText.Text(text)}\".");
        return null;
    }
}
