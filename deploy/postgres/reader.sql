-- Made with the database, before the first writer, who lets it read everything and nothing else.
\getenv password READER_PASSWORD
CREATE ROLE tandem_reader LOGIN PASSWORD :'password';
