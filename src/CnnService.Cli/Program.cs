using System.CommandLine;
using CnnService.Cli.Commands;

var root = new RootCommand("Train, serve and look into convolutional networks on plain files, without a server.")
{
    TrainCommand.Create(),
    ImportCommand.Create(),
    ClassifyCommand.Create(),
    PatternCommand.Create(),
    FeatureMapCommand.Create(),
    ExplainCommand.Create(),
    GalleryCommand.Create(),
    DescribeCommand.Create(),
    KeyCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
